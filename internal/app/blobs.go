package app

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/bucket"
	"github.com/tandem-ipaas/tandem/internal/store"
)

// Blobs says where step data is kept that is too long for a row, or where files are. The
// zero value is what the database does by itself: SQLite a folder, PostgreSQL its rows.
type Blobs struct {
	URL string     // see [bucket.ParseAddress]
	Key bucket.Key // must be there with a URL
}

// checkBuckets keeps files out of where blobs are, and all that no step has is deleted.
func (c Config) checkBuckets() error {
	files, err := bucket.ParseAddress(c.Files.URL)
	blobs, errBlobs := bucket.ParseAddress(c.Blobs.URL)
	if err != nil || errBlobs != nil { // there is none, or open says what is wrong
		return nil
	}
	if files.Within(blobs) {
		return tandem.Invalidf("files", "files: must be in another bucket than blobs, or have a prefix that is not within theirs: what no step has is deleted there")
	}
	return nil
}

// blobTime is how long a request to a bucket may take.
const blobTime = time.Minute

// open gives the bucket; nil: none. Errors: Invalid, which names the setting.
func (b Blobs) open(setting string, roots *x509.CertPool) (store.Blobs, error) {
	if b.URL == "" {
		return nil, nil
	}
	at, err := bucket.ParseAddress(b.URL)
	if err != nil {
		return nil, tandem.Invalidf(setting, "%s: %v", setting, err)
	}
	if b.Key.ID == "" || b.Key.Secret == "" {
		return nil, tandem.Invalidf(setting, "%s: the environment must have AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY", setting)
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.TLSClientConfig = &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
	transport.MaxIdleConnsPerHost = 32
	return bucket.New(&http.Client{Transport: transport, Timeout: blobTime}, at, b.Key), nil
}

// sweepBlobsEvery is how often all names in a bucket are gone through.
const sweepBlobsEvery = 24 * time.Hour
