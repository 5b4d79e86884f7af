package sandbox

import (
	"crypto"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"hash"
	"strings"
)

// signing is the argument of cyclr_sign.
type signing struct{ Algorithm, Key, Value string }

// digest is a hash, as HMAC and as RSA need it.
type digest struct {
	id   crypto.Hash
	make func() hash.Hash
}

// digests are by the names that scripts give; SHA-1 is what third parties ask for.
var digests = map[string]digest{
	"SHA1": {crypto.SHA1, sha1.New}, "SHA224": {crypto.SHA224, sha256.New224}, "SHA256": {crypto.SHA256, sha256.New},
	"SHA384": {crypto.SHA384, sha512.New384}, "SHA512": {crypto.SHA512, sha512.New},
}

// sign is the signature of a value, in base64: HMAC with the key's bytes as UTF-8,
// or RSA (PKCS #1 v1.5) with a private key as PEM.
func sign(s signing) (string, error) {
	kind, name, _ := strings.Cut(strings.ToUpper(s.Algorithm), "-")
	d, ok := digests[name]
	if !ok || kind != "RSA" && kind != "HMAC" {
		return "", fmt.Errorf("the algorithm %q is not known. Known are HMAC-SHA1, HMAC-SHA256, HMAC-SHA512, RSA-SHA1, RSA-SHA224, RSA-SHA256, RSA-SHA384 and RSA-SHA512", s.Algorithm)
	}
	if kind == "HMAC" {
		mac := hmac.New(d.make, []byte(s.Key))
		mac.Write([]byte(s.Value))
		return base64.StdEncoding.EncodeToString(mac.Sum(nil)), nil
	}
	key, err := privateKey(s.Key)
	if err != nil {
		return "", err
	}
	h := d.make()
	h.Write([]byte(s.Value))
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, d.id, h.Sum(nil))
	return base64.StdEncoding.EncodeToString(signature), err
}

// privateKey reads PKCS #1 and PKCS #8. People store keys in one line, with \n
// written out.
func privateKey(text string) (*rsa.PrivateKey, error) {
	block, _ := pem.Decode([]byte(strings.ReplaceAll(text, `\n`, "\n")))
	if block == nil {
		return nil, errors.New("the key of an RSA signature is a private key as PEM, from -----BEGIN to END-----")
	}
	if key, err := x509.ParsePKCS1PrivateKey(block.Bytes); err == nil {
		return key, nil
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, errors.New("the private key cannot be read: it must be of PKCS #1 or PKCS #8, without a password")
	}
	private, ok := key.(*rsa.PrivateKey)
	if !ok {
		return nil, errors.New("the private key is not one for RSA")
	}
	return private, nil
}
