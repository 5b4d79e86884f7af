package library

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem/client"
	"github.com/tandem-ipaas/tandem/e2e/fake"
)

func TestAmazonS3(t *testing.T) {
	api := fake.NewS3("AKIDEXAMPLE", "s3-test-secret", "eu-west-1", 2500)
	w := newWorld(t, []string{"amazon-s3"}, api.Hosts()...)
	region := []client.Property{{Name: "Region", Value: "eu-west-1"}}
	s3 := w.install("Amazon S3", client.Install{AuthValue: awsKey(t, "AKIDEXAMPLE", "s3-test-secret"), Properties: region})
	s3.tested()
	w.Calls()

	in := values{"Bucket": "engines"}
	if all := s3.at(s3.call("List Objects", in, nil), "ListBucketResult.[Contents].Key").([]any); len(all) != 2500 || all[2499] != "parts/02499.txt" {
		t.Errorf("%d objects", len(all))
	}
	if calls := w.Calls(); len(calls) != 3 {
		t.Errorf("%d pages", len(calls))
	}
	if got := s3.lookUp("Buckets"); !cmp.Equal(got, []client.Choice{{Name: "engines", Value: "engines"}}) {
		t.Errorf("buckets %v", got)
	}
	if got := s3.subLookUp("Objects", in); len(got) != 2500 || got[7].Value != "parts/00007.txt" {
		t.Errorf("%d objects to choose from", len(got))
	}

	// Keys have all that names can have, and stay as they are.
	const key, content = "drawings/ada's plan + (no. 2) ünï.txt", "turn the wheel"
	here := values{"Bucket": "engines", "Key": key}
	put := s3.call("Put Object", with(here, "x-amz-storage-class", "STANDARD_IA"), values{"File": map[string]any{"FileName": "plan.txt", "ContentType": "text/plain", "Content": content}})
	if got, kind, ok := api.Content("engines", key); !ok || got != content || kind != "text/plain" {
		t.Errorf("stored %q as %q, %v", got, kind, ok)
	}
	file := s3.call("Get Object", here, nil)
	if s3.at(file, "Size") != float64(len(content)) && s3.at(file, "File.Size") != float64(len(content)) {
		t.Errorf("file %v", file)
	}
	details := s3.call("Get Object Details", here, nil)
	if s3.at(details, "ETag") != s3.at(put, "ETag") || s3.at(details, "Size") != float64(len(content)) || s3.at(details, "ContentType") != "text/plain" {
		t.Errorf("details %v of %v", details, put)
	}
	s3.call("Set Object Tags", here, values{"TagSet.[Tag].Key": []any{"project", "stage"}, "TagSet.[Tag].Value": []any{"Ünï & <engine>", "new"}})
	tags := s3.call("Get Object Tags", here, nil)
	if got := s3.at(tags, "Tagging.TagSet.[Tag].Value"); !cmp.Equal(got, any([]any{"Ünï & <engine>", "new"})) {
		t.Errorf("tags %v", tags)
	}
	s3.call("Delete Object Tags", here, nil)

	folders := s3.call("List Folder", in, nil)
	if got := s3.at(folders, "[entries].Key"); !cmp.Equal(got, any([]any{"drawings/", "parts/"})) {
		t.Errorf("folders %v", folders)
	}
	if got := s3.at(s3.call("List Folder", with(in, "prefix", "parts/"), nil), "[entries].Key").([]any); len(got) != 2500 {
		t.Errorf("%d in the folder", len(got))
	}
	if got := s3.at(s3.call("List Objects", with(in, "prefix", "drawings/ada's plan"), nil), "ListBucketResult.[Contents].Key"); !cmp.Equal(got, any([]any{key})) {
		t.Errorf("found %v", got)
	}

	// Buckets.
	s3.call("Create Bucket", values{"Bucket": "looms"}, nil)
	s3.call("Copy Object", values{"FromBucket": "engines", "FromKey": key, "Bucket": "looms", "Key": "plan copy.txt"}, nil)
	if got, _, _ := api.Content("looms", "plan copy.txt"); got != content {
		t.Errorf("copied %q", got)
	}
	if got := s3.at(s3.call("Get Bucket Location", values{"Bucket": "looms"}, nil), "Region"); got != "eu-west-1" {
		t.Errorf("region %v", got)
	}
	_, err := s3.try("Delete Bucket", values{"Bucket": "looms"}, nil)
	s3.refused(err, "The bucket you tried to delete is not empty (BucketNotEmpty)")
	s3.call("Delete Object", values{"Bucket": "looms", "Key": "plan copy.txt"}, nil)
	s3.call("Delete Bucket", values{"Bucket": "looms"}, nil)

	// A long list goes in several requests.
	var keys []any
	for i := range 2500 {
		keys = append(keys, fmt.Sprintf("parts/%05d.txt", i))
	}
	w.Calls()
	gone := s3.call("Delete Objects", in, values{"[Object].Key": keys})
	if got := s3.at(gone, "DeleteResult.[Deleted].Key").([]any); len(got) != 2500 || len(w.Calls()) != 3 {
		t.Errorf("%d deleted", len(got))
	}

	// Errors are told in words, those of a good answer too.
	s3.call("Put Object", with(in, "Key", "denied"), values{"File": map[string]any{"FileName": "x", "Content": "x"}})
	_, err = s3.try("Delete Objects", in, values{"[Object].Key": []any{"deny/me", "other"}})
	s3.refused(err, "Not deleted: deny/me: Access Denied (AccessDenied)")
	_, err = s3.try("Get Object", values{"Bucket": "engines", "Key": "none"}, nil)
	s3.refused(err, "The specified key does not exist. (NoSuchKey: none)")
	_, err = s3.try("Get Object Details", values{"Bucket": "engines", "Key": "none"}, nil)
	s3.refused(err, "NoSuchKey")
	_, err = s3.try("Copy Object", values{"FromBucket": "engines", "FromKey": "none", "Bucket": "engines", "Key": "x"}, nil)
	s3.refused(err, "NoSuchKey")
	wrong := w.install("Amazon S3", client.Install{AuthValue: awsKey(t, "AKIDEXAMPLE", "another"), Properties: region})
	_, err = wrong.try("List Buckets", nil, nil)
	wrong.refused(err, "SignatureDoesNotMatch")
}

// awsKey is the AuthValue of an access key.
func awsKey(t *testing.T, id, secret string) string {
	t.Helper()
	text, err := json.Marshal(map[string]string{"AccessKeyId": id, "SecretAccessKey": secret})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// with is v with one more.
func with(v values, name string, value any) values {
	all := values{name: value}
	for n, each := range v {
		if n != name {
			all[n] = each
		}
	}
	return all
}
