package notice

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// The headers of Standard Webhooks.
const (
	headerID        = "Webhook-Id"
	headerTimestamp = "Webhook-Timestamp"
	headerSignature = "Webhook-Signature"
)

// secretPrefix begins a secret; what follows is its key in base64.
const secretPrefix = "whsec_"

// sign puts the id, the time and a signature by each of the secrets into a header.
func sign(h http.Header, id string, at time.Time, body []byte, by ...tandem.Secret) error {
	stamp := strconv.FormatInt(at.Unix(), 10)
	var signatures []string
	for _, secret := range by {
		key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(string(secret), secretPrefix))
		if err != nil {
			return fmt.Errorf("the secret of a receiver is damaged")
		}
		mac := hmac.New(sha256.New, key)
		for _, part := range []string{id, ".", stamp, "."} {
			mac.Write([]byte(part))
		}
		mac.Write(body)
		signatures = append(signatures, "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	}
	h.Set(headerID, id)
	h.Set(headerTimestamp, stamp)
	h.Set(headerSignature, strings.Join(signatures, " "))
	return nil
}
