package fake

import (
	"cmp"
	"crypto/md5"
	"encoding/base64"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// S3 stands for s3.REGION.amazonaws.com: requests are signed (s3_sign.go), bodies
// are XML, and lists go on after a token, whatever a page holds.
type S3 struct {
	AccessKeyID, SecretAccessKey, Region string

	mu      sync.Mutex
	buckets map[string]map[string]*stored // by name and key
}

// stored is an object of a bucket.
type stored struct {
	content []byte
	kind    string
	header  http.Header // that came with it
	tags    []s3Tag
}

type s3Tag struct{ Key, Value string }

// NewS3 has a bucket engines, with n objects in its folder parts.
func NewS3(id, secret, region string, n int) *S3 {
	s := &S3{AccessKeyID: id, SecretAccessKey: secret, Region: region, buckets: map[string]map[string]*stored{"engines": {}}}
	for i := range n {
		s.buckets["engines"][fmt.Sprintf("parts/%05d.txt", i)] = &stored{content: []byte(strconv.Itoa(i)), kind: "text/plain", header: http.Header{}}
	}
	return s
}

// Hosts are those of the API.
func (s *S3) Hosts() []Host { return []Host{{".amazonaws.com", s}} }

// Content is what is in an object.
func (s *S3) Content(bucket, key string) (content, kind string, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, ok := s.buckets[bucket][key]
	if !ok {
		return "", "", false
	}
	return string(o.content), o.kind, true
}

// Deny has an object kept from being deleted.
const Deny = "deny"

func (s *S3) fail(w http.ResponseWriter, status int, code, message, key string) {
	s.answer(w, status, struct {
		XMLName                 xml.Name `xml:"Error"`
		Code, Message           string
		Key                     string `xml:",omitempty"`
		RequestId, HostId, Note string `xml:",omitempty"`
	}{Code: code, Message: message, Key: key, RequestId: "4442587FB7D0A2F9"})
}

func (s *S3) answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, xml.Header) // who asks sees what is missing
	_ = xml.NewEncoder(w).Encode(v)
}

// ServeHTTP implements http.Handler.
func (s *S3) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		s.fail(w, http.StatusBadRequest, "IncompleteBody", err.Error(), "")
		return
	}
	if r.Host != "s3."+s.Region+".amazonaws.com" {
		s.fail(w, http.StatusMovedPermanently, "PermanentRedirect", "The bucket you are attempting to access must be addressed using the specified endpoint.", "")
		return
	}
	if status, code, message := s.signed(r, body); code != "" {
		s.fail(w, status, code, message, "")
		return
	}
	if sum := md5.Sum(body); r.Header.Get("Content-MD5") != "" && r.Header.Get("Content-MD5") != base64.StdEncoding.EncodeToString(sum[:]) {
		s.fail(w, http.StatusBadRequest, "BadDigest", "The Content-MD5 you specified did not match what we received.", "")
		return
	}
	bucket, key, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	switch {
	case bucket == "":
		s.listBuckets(w, r.URL.Query())
	case key == "":
		s.bucket(w, r, bucket, body)
	case s.buckets[bucket] == nil:
		s.fail(w, http.StatusNotFound, "NoSuchBucket", "The specified bucket does not exist", "")
	case r.URL.Query().Has("tagging"):
		s.tagging(w, r, bucket, key, body)
	default:
		s.object(w, r, bucket, key, body)
	}
}

func (s *S3) listBuckets(w http.ResponseWriter, q url.Values) {
	type bucket struct{ Name, BucketRegion, CreationDate string }
	var out struct {
		XMLName           xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ ListAllMyBucketsResult"`
		Owner             struct{ ID string }
		Buckets           struct{ Bucket []bucket }
		ContinuationToken string `xml:",omitempty"`
	}
	out.Owner.ID = "75aa57f09aa0c8caeab4f8c24e99d10f8e7faeebf76c078efc7c6caea54ba06a"
	for _, name := range sortedKeys(s.buckets) {
		if strings.HasPrefix(name, q.Get("prefix")) {
			out.Buckets.Bucket = append(out.Buckets.Bucket, bucket{name, s.Region, "2026-01-01T00:00:00.000Z"})
		}
	}
	s.answer(w, http.StatusOK, out)
}

func (s *S3) bucket(w http.ResponseWriter, r *http.Request, name string, body []byte) {
	q := r.URL.Query()
	if s.buckets[name] == nil && r.Method != http.MethodPut {
		s.fail(w, http.StatusNotFound, "NoSuchBucket", "The specified bucket does not exist", "")
		return
	}
	switch {
	case r.Method == http.MethodPut:
		s.createBucket(w, name, body)
	case r.Method == http.MethodDelete && len(s.buckets[name]) > 0:
		s.fail(w, http.StatusConflict, "BucketNotEmpty", "The bucket you tried to delete is not empty", "")
	case r.Method == http.MethodDelete:
		delete(s.buckets, name)
		w.WriteHeader(http.StatusNoContent)
	case r.Method == http.MethodPost && q.Has("delete"):
		s.deleteObjects(w, r, name, body)
	case q.Has("location"):
		s.answer(w, http.StatusOK, struct {
			XMLName xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ LocationConstraint"`
			Region  string   `xml:",chardata"`
		}{Region: s.Region})
	case q.Get("list-type") == "2":
		s.listObjects(w, name, q)
	default:
		s.fail(w, http.StatusMethodNotAllowed, "MethodNotAllowed", "The specified method is not allowed against this resource.", "")
	}
}

func (s *S3) createBucket(w http.ResponseWriter, name string, body []byte) {
	var in struct {
		XMLName            xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ CreateBucketConfiguration"`
		LocationConstraint string
	}
	switch err := xml.Unmarshal(body, &in); {
	case s.buckets[name] != nil:
		s.fail(w, http.StatusConflict, "BucketAlreadyOwnedByYou", "Your previous request to create the named bucket succeeded and you already own it.", "")
	case len(body) > 0 && err != nil:
		s.fail(w, http.StatusBadRequest, "MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema", "")
	case cmp.Or(in.LocationConstraint, "us-east-1") != s.Region:
		s.fail(w, http.StatusBadRequest, "IllegalLocationConstraintException", "The "+in.LocationConstraint+" location constraint is incompatible for the region specific endpoint this request was sent to.", "")
	default:
		s.buckets[name] = map[string]*stored{}
		w.Header().Set("Location", "/"+name)
	}
}

// listObjects gives a page. Folders count as objects do.
func (s *S3) listObjects(w http.ResponseWriter, bucket string, q url.Values) {
	type content struct{ Key, LastModified, ETag, Size, StorageClass string }
	var out struct {
		XMLName               xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ ListBucketResult"`
		Name, Prefix          string
		KeyCount, MaxKeys     int
		IsTruncated           bool
		NextContinuationToken string `xml:",omitempty"`
		Contents              []content
		CommonPrefixes        []struct{ Prefix string }
	}
	out.Name, out.Prefix = bucket, q.Get("prefix")
	out.MaxKeys, _ = strconv.Atoi(cmp.Or(q.Get("max-keys"), "1000"))
	after := q.Get("start-after")
	if token := q.Get("continuation-token"); token != "" {
		text, err := base64.StdEncoding.DecodeString(token)
		if err != nil {
			s.fail(w, http.StatusBadRequest, "InvalidArgument", "The continuation token provided is incorrect", "")
			return
		}
		after = string(text)
	}
	last := ""
	for _, key := range sortedKeys(s.buckets[bucket]) {
		rest, ok := strings.CutPrefix(key, out.Prefix)
		folder, _, within := strings.Cut(rest, q.Get("delimiter"))
		within = within && q.Get("delimiter") != ""
		name := key
		if within {
			name = out.Prefix + folder + q.Get("delimiter")
		}
		if !ok || name <= after || name == last {
			continue
		}
		if out.KeyCount == min(out.MaxKeys, 1000) {
			out.IsTruncated, out.NextContinuationToken = true, base64.StdEncoding.EncodeToString([]byte(last))
			break
		}
		out.KeyCount++
		if last = name; within {
			out.CommonPrefixes = append(out.CommonPrefixes, struct{ Prefix string }{name})
			continue
		}
		o := s.buckets[bucket][key]
		out.Contents = append(out.Contents, content{key, "2026-01-01T00:00:00.000Z", o.etag(), strconv.Itoa(len(o.content)), "STANDARD"})
	}
	s.answer(w, http.StatusOK, out)
}

func (o *stored) etag() string {
	sum := md5.Sum(o.content)
	return `"` + hex.EncodeToString(sum[:]) + `"`
}

func (s *S3) deleteObjects(w http.ResponseWriter, r *http.Request, bucket string, body []byte) {
	var in struct {
		XMLName xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ Delete"`
		Object  []struct{ Key string }
	}
	if r.Header.Get("Content-MD5") == "" {
		s.fail(w, http.StatusBadRequest, "InvalidRequest", "Missing required header for this request: Content-MD5", "")
		return
	}
	if err := xml.Unmarshal(body, &in); err != nil || len(in.Object) == 0 || len(in.Object) > 1000 {
		s.fail(w, http.StatusBadRequest, "MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema", "")
		return
	}
	type failed struct{ Key, Code, Message string }
	var out struct {
		XMLName xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ DeleteResult"`
		Deleted []struct{ Key string }
		Error   []failed
	}
	for _, o := range in.Object {
		if strings.HasPrefix(o.Key, Deny) {
			out.Error = append(out.Error, failed{o.Key, "AccessDenied", "Access Denied"})
			continue
		}
		delete(s.buckets[bucket], o.Key)
		out.Deleted = append(out.Deleted, struct{ Key string }{o.Key})
	}
	s.answer(w, http.StatusOK, out)
}

func (s *S3) object(w http.ResponseWriter, r *http.Request, bucket, key string, body []byte) {
	o := s.buckets[bucket][key]
	switch {
	case r.Method == http.MethodPut && r.Header.Get("X-Amz-Copy-Source") != "":
		s.copyObject(w, r, bucket, key)
	case r.Method == http.MethodPut:
		o = &stored{content: body, kind: r.Header.Get("Content-Type"), header: r.Header.Clone()}
		s.buckets[bucket][key] = o
		w.Header().Set("ETag", o.etag())
	case r.Method == http.MethodDelete:
		delete(s.buckets[bucket], key)
		w.WriteHeader(http.StatusNoContent)
	case o == nil:
		s.fail(w, http.StatusNotFound, "NoSuchKey", "The specified key does not exist.", key)
	default:
		w.Header().Set("ETag", o.etag())
		w.Header().Set("Content-Type", o.kind)
		w.Header().Set("Content-Length", strconv.Itoa(len(o.content)))
		w.Header().Set("Last-Modified", "Thu, 01 Jan 2026 00:00:00 GMT")
		if r.Method == http.MethodGet {
			_, _ = w.Write(o.content)
		}
	}
}

func (s *S3) copyObject(w http.ResponseWriter, r *http.Request, bucket, key string) {
	source, err := url.PathUnescape(strings.TrimPrefix(r.Header.Get("X-Amz-Copy-Source"), "/"))
	from, name, _ := strings.Cut(source, "/")
	o := s.buckets[from][name]
	if err != nil || o == nil {
		s.fail(w, http.StatusNotFound, "NoSuchKey", "The specified key does not exist.", name)
		return
	}
	copied := *o
	s.buckets[bucket][key] = &copied
	s.answer(w, http.StatusOK, struct {
		XMLName            xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ CopyObjectResult"`
		ETag, LastModified string
	}{ETag: o.etag(), LastModified: "2026-01-01T00:00:00.000Z"})
}

func (s *S3) tagging(w http.ResponseWriter, r *http.Request, bucket, key string, body []byte) {
	type tagging struct {
		XMLName xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ Tagging"`
		TagSet  struct{ Tag []s3Tag }
	}
	o, set := s.buckets[bucket][key], tagging{}
	switch {
	case o == nil:
		s.fail(w, http.StatusNotFound, "NoSuchKey", "The specified key does not exist.", key)
	case r.Method == http.MethodDelete:
		o.tags = nil
		w.WriteHeader(http.StatusNoContent)
	case r.Method == http.MethodGet:
		set.TagSet.Tag = o.tags
		s.answer(w, http.StatusOK, set)
	case xml.Unmarshal(body, &set) != nil || r.Header.Get("Content-MD5") == "":
		s.fail(w, http.StatusBadRequest, "MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema", "")
	case len(set.TagSet.Tag) > 10:
		s.fail(w, http.StatusBadRequest, "BadRequest", "Object tags cannot be greater than 10", "")
	default:
		o.tags = set.TagSet.Tag
	}
}

func sortedKeys[V any](m map[string]V) []string {
	var keys []string
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
