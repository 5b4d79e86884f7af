package tandem_test

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/png"
	"strings"
	"testing"

	"github.com/tandem-ipaas/tandem"
)

// picture is a PNG of a size, as a data: URL.
func picture(t *testing.T, width, height int) string {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, width, height))); err != nil {
		t.Fatal(err)
	}
	return "data:image/png;base64," + base64.StdEncoding.EncodeToString(b.Bytes())
}

func TestAppearance(t *testing.T) {
	for _, a := range []tandem.Appearance{
		{},
		{ProductName: "Page Turner Connect", AccentColor: "#0b5cad", Logo: picture(t, 200, 50)},
		{AccentColor: "#000000"},
		{AccentColor: "#757575"},
	} {
		if err := a.Check(); err != nil {
			t.Errorf("%.80v: %v", a, err)
		}
	}
	tidy := tandem.Appearance{ProductName: " Connect ", AccentColor: " #0B5CAD"}
	if err := tidy.Check(); err != nil || tidy != (tandem.Appearance{ProductName: "Connect", AccentColor: "#0b5cad"}) {
		t.Errorf("%+v, %v", tidy, err)
	}
	for want, a := range map[string]tandem.Appearance{
		"ProductName: want a line":          {ProductName: strings.Repeat("x", 61)},
		"ProductName: want a line of":       {ProductName: "a\nb"},
		"AccentColor: want a colour":        {AccentColor: "blue"},
		"AccentColor: want a colour such":   {AccentColor: "#fff;}*{color:red"},
		"AccentColor: white text on it":     {AccentColor: "#ffcc00"},
		"(contrast 4.5, want 4.5)":          {AccentColor: "#777777"},
		"Logo: want a PNG that begins with": {Logo: "https://x.test/logo.png"},
		"Logo: want a PNG that begins":      {Logo: "data:image/svg+xml;base64,PHN2Zy8+"},
		"Logo: want a PNG":                  {Logo: "data:image/png;base64,not base64"},
		"Logo: it is not a PNG":             {Logo: "data:image/png;base64,PHN2Zy8+"},
		"Logo: at most 64 KB":               {Logo: "data:image/png;base64," + base64.StdEncoding.EncodeToString(make([]byte, 64<<10+1))},
		"Logo: at most 2000 pixels wide":    {Logo: picture(t, 2001, 1)},
	} {
		if err := a.Check(); tandem.ErrorCode(err) != tandem.Invalid || !strings.Contains(err.Error(), want) {
			t.Errorf("%.80v: %v, want %s", a, err, want)
		}
	}
}
