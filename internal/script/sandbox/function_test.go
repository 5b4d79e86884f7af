package sandbox

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem/internal/script/wire"
)

// evaluate is the result of an expression, as JSON, or what went wrong.
func evaluate(t testing.TB, text string, values ...any) string {
	t.Helper()
	w := &worker{code: code{}, confined: true}
	m, err := newMachine(w.code, w.host)
	if err != nil {
		t.Fatal(err)
	}
	defer m.close()
	m.limit(time.Now().Add(10*time.Second), 64<<20)
	e := wire.Expression{Text: text, Name: "given"}
	for _, v := range values {
		raw, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		e.Values = append(e.Values, raw)
	}
	o, fault := m.express(e)
	if fault != nil {
		return fault.Kind + ": " + fault.Message
	}
	return string(o.Value)
}

func TestFunctions(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{`btoa("Hĕllō Wōrld")`, `"SMSVbGzFjSBXxY1ybGQ="`},
		{`btoa("Hĕllō Wōrld", "ascii")`, `"SD9sbD8gVz9ybGQ="`},
		{`btoa("Hĕllō Wōrld", "iso-8859-1")`, `"SGVsbG8gV29ybGQ="`},
		{`btoa("é", "ISO-8859-1")`, `"6Q=="`},
		{`btoa("€", "windows-1252")`, `"gA=="`},
		{`btoa("€", "iso-8859-15")`, `"pA=="`},
		{`btoa("A", "UTF-16")`, `"QQA="`},
		{`btoa("A", "UTF-16LE")`, `"QQA="`},
		{`btoa("A", "UTF-16BE")`, `"AEE="`},
		{`btoa("A", "UTF-32")`, `"QQAAAA=="`},
		{`btoa("A", "UTF-32BE")`, `"AAAAQQ=="`},
		{`atob(btoa("Hi Mom ☺!", "UTF-7"), "ascii")`, `"Hi Mom +JjoAIQ-"`},
		{`atob(btoa("2+2=4", "UTF-7"), "ascii")`, `"2+-2+AD0-4"`},
		{`atob("SMSVbGzFjSBXxY1ybGQ=")`, `"Hĕllō Wōrld"`},
		{`atob("6Q==", "ascii")`, `"?"`},
		{`atob("__8", "iso-8859-1")`, `"ÿÿ"`},
		{`atob("%")`, `Thrown: atob needs base64, which this is not`},
		{`btoa("a", "klingon")`, `Thrown: the charset "klingon" is not known. Known are ASCII, ISO-8859-1, ISO-8859-15, Windows-1252, UTF-7, UTF-8, UTF-16, UTF-16LE, UTF-16BE, UTF-32, UTF-32LE and UTF-32BE`},

		// RFC 4231, and RFC 2202 for SHA-1.
		{`cyclr_sign('HMAC-SHA1', 'Jefe', 'what do ya want for nothing?')`, `"7/zfauXrL6LSdBbV8YTfnCWafHk="`},
		{`cyclr_sign('hmac-sha256', 'Jefe', 'what do ya want for nothing?')`, `"W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM="`},
		{`cyclr_sign('HMAC-SHA512', 'Jefe', 'what do ya want for nothing?')`, `"Fkt6e/z4GeLjlfvnO1bgo4e9ZCIugx/WECcM1+olBVSXWL91wFqZSm0DT2X48Ob9yuqxo01Ka0tjbgcKOLznNw=="`},
		{`cyclr_sign('MD5', 'k', 'v')`, `Thrown: the algorithm "MD5" is not known. Known are HMAC-SHA1, HMAC-SHA256, HMAC-SHA512, RSA-SHA1, RSA-SHA224, RSA-SHA256, RSA-SHA384 and RSA-SHA512`},
		{`cyclr_sign('RSA-SHA256', 'x', 'v')`, `Thrown: the key of an RSA signature is a private key as PEM, from -----BEGIN to END-----`},

		{`cyclr_csv_parse('1,2,3\na,b,c', ',', false)`, `[["1","2","3"],["a","b","c"]]`},
		{`cyclr_csv_parse('\ufeffname;city\r\n"Berg; Mia";Utrecht\r\nTom', ';', true)`, `[{"name":"Berg; Mia","city":"Utrecht"},{"name":"Tom"}]`},
		{`cyclr_csv_parse('a,,a\n1,2,3,4', ',', true)`, `[{"2":"2","4":"4","a":"3"}]`},
		{`Object.keys(cyclr_csv_parse('__proto__\nx', ',', true)[0])`, `["__proto__"]`},
		{`cyclr_csv_parse('', ',', true)`, `[]`},
		{`cyclr_csv_parse('a', '', false)`, `Thrown: the delimiter of cyclr_csv_parse is one character`},

		{`cyclr_xml_serialize({note: {to: 'Tove', from: 'Jani', '@id': 5, line: [{b: 1, a: null}, {a: 2, b: 3}]}})`, `"<note id=\"5\"><to>Tove</to><from>Jani</from><line><b>1</b><a></a></line><line><b>3</b><a>2</a></line></note>"`},
		{`cyclr_xml_deserialize('<note xml:lang="en"><to>Tove</to><to/><x:a xmlns:x="u">1</x:a></note>')`, `{"note":{"@xml:lang":"en","to":["Tove",null],"x:a":{"#text":"1","@xmlns:x":"u"}}}`},
		{`cyclr_xml_serialize({a: 1, b: 2})`, `Thrown: XML: the document must be an object with one member, its root element, or the method have an XML root`},
		{`cyclr_xml_deserialize('<a>')`, `Thrown: `},
		{`cyclr_xml_deserialize('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')`, `Thrown: `},

		{`crypto.getRandomValues(new Uint8Array(32)).some(b => b > 0)`, `true`},
		{`crypto.getRandomValues(1)`, `Thrown: TypeError: crypto.getRandomValues needs a typed array.`},
		{`http_request('x')`, `Thrown: TypeError: http_request needs an object with method, url, headers and data.`},
		{`cyclr_storage_set('x')`, `Thrown: TypeError: cyclr_storage_set needs a key and a value.`},
		{`cycle_storage_get()`, `Thrown: TypeError: cycle_storage_get needs a key.`},

		{`moment('2026-03-01T10:00:00Z').add(1, 'day').format()`, `"2026-03-02T10:00:00+00:00"`},
		{`moment.tz('2026-07-01 12:00', 'Europe/Amsterdam').utc().format('HH:mm')`, `"10:00"`},
		{`CryptoJS.SHA256('abc').toString()`, `"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"`},
		{`CryptoJS.AES.decrypt(CryptoJS.AES.encrypt('text', 'key'), 'key').toString(CryptoJS.enc.Utf8)`, `"text"`},
		{`typeof moment_ + typeof CryptoJSx`, `"undefinedundefined"`},
		{`new Date(0).getTimezoneOffset()`, `0`},

		{`100 * 2`, `200`},
		{`given[0] === '' ? 'none' : given[0]`, `"it's \"x\""`},
		{`given[0] // comment`, `"it's \"x\""`},
		{`{a: 1}`, `{"a":1}`},
		{`undefined`, `null`},
		{`(async () => (await 1) + 1)()`, `2`},
		{`a b`, `Syntax: expecting ')'`},
		{`nothing`, `Thrown: ReferenceError: 'nothing' is not defined`},
	} {
		if got := evaluate(t, c.text, `it's "x"`); got != c.want && !(c.want == "Thrown: " && strings.HasPrefix(got, c.want)) {
			t.Errorf("%s\n got %s\nwant %s", c.text, got, c.want)
		}
	}
}

// Every RSA signature verifies, with keys as they are written down anywhere.
func TestSignRSA(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	one := string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}))
	eight := string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8}))
	for _, name := range []string{"SHA1", "SHA224", "SHA256", "SHA384", "SHA512"} {
		d := digests[name]
		for _, text := range []string{one, eight, strings.ReplaceAll(eight, "\n", `\n`)} {
			signature, err := sign(signing{Algorithm: "RSA-" + name, Key: text, Value: "värde"})
			if err != nil {
				t.Fatal(err)
			}
			raw, err := base64.StdEncoding.DecodeString(signature)
			if err != nil {
				t.Fatal(err)
			}
			h := d.make()
			h.Write([]byte("värde"))
			if err := rsa.VerifyPKCS1v15(&key.PublicKey, d.id, h.Sum(nil), raw); err != nil {
				t.Errorf("RSA-%s: %v", name, err)
			}
		}
	}
}

// What is written in a charset that has all characters is read as it was.
func FuzzCharset(f *testing.F) {
	for _, s := range []string{"", "a", "ÿ", "☺ +-", "\U0001f600", "日本語 text"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		s = strings.ToValidUTF8(s, "")
		for _, name := range []string{"utf-7", "utf-8", "utf-16", "utf-16be", "utf-32", "utf-32be"} {
			c, err := charsetOf(name)
			if err != nil {
				t.Fatal(err)
			}
			if got := c.decode(c.encode(s)); got != s {
				t.Errorf("%s: %q came back as %q", name, s, got)
			}
		}
		for _, name := range []string{"ascii", "iso-8859-1", "utf-7", "utf-16", "utf-32"} {
			c, _ := charsetOf(name)
			if diff := cmp.Diff(strings.ToValidUTF8(c.decode([]byte(s)), "?"), c.decode([]byte(s))); diff != "" {
				t.Errorf("%s: what was read is not text: %s", name, diff)
			}
		}
	})
}
