// Package bucket keeps objects in S3-compatible storage: what is put is there for all
// nodes, and for good, when the answer has come.
//
// It is a client of four requests, signed by AWS Signature Version 4, for Amazon S3 and
// what speaks like it: MinIO, Ceph, Garage, R2, Backblaze. Names are ours and plain, so
// that none has to be escaped. The server is the operator's, who says where it is; it
// may be at a private address, where what integrations call may not.
package bucket

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"github.com/tandem-ipaas/tandem"
)

// Key is what requests are signed with.
type Key struct {
	ID     string
	Secret tandem.Secret
	Token  tandem.Secret // of a session; "": none
}

// Bucket is one, or all in it whose names begin with a prefix. It is safe for use by
// many at once.
type Bucket struct {
	client *http.Client
	at     Address
	key    Key
	signer *v4.Signer
}

// New makes a Bucket; client is what connects.
func New(client *http.Client, at Address, k Key) *Bucket {
	return &Bucket{client: client, at: at, key: k, signer: v4.NewSigner(func(o *v4.SignerOptions) {
		o.DisableURIPathEscaping = true // S3 escapes once, all others twice
	})}
}

// maxObject is how many bytes are read of an object at most.
const maxObject = 1 << 30

// Put keeps data under a name.
func (b *Bucket) Put(ctx context.Context, name string, data []byte) error {
	_, err := b.do(ctx, http.MethodPut, b.at.object(name), data, http.StatusOK)
	if err != nil {
		return fmt.Errorf("put %s: %w", name, err)
	}
	return nil
}

// Get reads what has a name. Errors: fs.ErrNotExist.
func (b *Bucket) Get(ctx context.Context, name string) ([]byte, error) {
	data, err := b.do(ctx, http.MethodGet, b.at.object(name), nil, http.StatusOK)
	if err != nil {
		return nil, fmt.Errorf("get %s: %w", name, err)
	}
	return data, nil
}

// Delete deletes what has a name, if anything has.
func (b *Bucket) Delete(ctx context.Context, name string) error {
	if _, err := b.do(ctx, http.MethodDelete, b.at.object(name), nil, http.StatusNoContent, http.StatusOK, http.StatusNotFound); err != nil {
		return fmt.Errorf("delete %s: %w", name, err)
	}
	return nil
}

// Tries of a request, and the first of the waits between them, each twice as long as
// the one before.
const (
	tries     = 4
	firstWait = 100 * time.Millisecond
)

// do makes a request until it is answered with something that trying again would not
// change. Each of them may be made more than once.
func (b *Bucket) do(ctx context.Context, method string, u *url.URL, data []byte, want ...int) (body []byte, err error) {
	for try, wait := 1, firstWait; ; try, wait = try+1, 2*wait {
		var passing bool
		if body, passing, err = b.once(ctx, method, u, data, want); err == nil || !passing || try == tries {
			return body, err
		}
		select {
		case <-ctx.Done():
			return nil, err
		case <-time.After(wait):
		}
	}
}

// once makes a request once. Passing: what went wrong may be over soon.
func (b *Bucket) once(ctx context.Context, method string, u *url.URL, data []byte, want []int) (body []byte, passing bool, err error) {
	req, err := http.NewRequestWithContext(ctx, method, u.String(), bytes.NewReader(data))
	if err != nil {
		return nil, false, err
	}
	if err := b.sign(ctx, req, data); err != nil {
		return nil, false, err
	}
	res, err := b.client.Do(req)
	if err != nil {
		return nil, true, err
	}
	defer res.Body.Close()
	body, err = io.ReadAll(io.LimitReader(res.Body, maxObject))
	if err != nil {
		return nil, true, err
	}
	if slices.Contains(want, res.StatusCode) {
		return body, false, nil
	}
	return nil, res.StatusCode >= 500 || res.StatusCode == http.StatusTooManyRequests, refusal(res.StatusCode, body)
}

// sign adds the signature, which vouches for the data too.
func (b *Bucket) sign(ctx context.Context, req *http.Request, data []byte) error {
	sum := sha256.Sum256(data)
	hash := hex.EncodeToString(sum[:])
	req.Header.Set("X-Amz-Content-Sha256", hash)
	k := aws.Credentials{AccessKeyID: b.key.ID, SecretAccessKey: string(b.key.Secret), SessionToken: string(b.key.Token)}
	if err := b.signer.SignHTTP(ctx, k, req, hash, "s3", b.at.region, time.Now()); err != nil {
		return fmt.Errorf("sign: %w", err)
	}
	return nil
}

// refusal is what an answer says that is not the one wanted. Errors: fs.ErrNotExist.
func refusal(status int, body []byte) error {
	r := refused{Status: status}
	r.read(body)
	if status == http.StatusNotFound && r.Code != "NoSuchBucket" {
		return fmt.Errorf("%w: %w", fs.ErrNotExist, &r)
	}
	return &r
}
