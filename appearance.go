package tandem

import (
	"bytes"
	"encoding/base64"
	"image/png"
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Appearance is how a partner's console and its customers' screens look. What is
// empty is as Tandem has it.
type Appearance struct {
	ProductName string // stands where the name of the product does
	AccentColor string // #rrggbb; white text on it can be read
	Logo        string // a PNG, as a data: URL
}

// Bounds of an appearance.
const (
	maxProductName = 60       // characters
	maxLogo        = 64 << 10 // bytes
	maxLogoSide    = 2_000    // pixels
	logoPrefix     = "data:image/png;base64,"
	readable       = 4.5 // contrast of text (WCAG 2.2, 1.4.3)
)

var accentColor = regexp.MustCompile(`^#[0-9a-f]{6}$`)

// Check refuses what pages could not show, and puts the rest in order. It has the
// last word on what goes into their style.
//
// Errors: Invalid, naming the field.
func (a *Appearance) Check() error {
	a.ProductName, a.AccentColor = strings.TrimSpace(a.ProductName), strings.ToLower(strings.TrimSpace(a.AccentColor))
	if utf8.RuneCountInString(a.ProductName) > maxProductName || strings.ContainsFunc(a.ProductName, unicode.IsControl) {
		return Invalidf("ProductName", "ProductName: want a line of at most %d characters", maxProductName)
	}
	if err := checkAccent(a.AccentColor); err != nil {
		return err
	}
	return checkLogo(a.Logo)
}

func checkAccent(color string) error {
	if color == "" {
		return nil
	}
	if !accentColor.MatchString(color) {
		return Invalidf("AccentColor", "AccentColor: want a colour such as #5753c6")
	}
	if c := 1.05 / (luminance(color) + 0.05); c < readable {
		return Invalidf("AccentColor", "AccentColor: white text on it could not be read (contrast %.1f, want %.1f): choose a darker one", c, readable)
	}
	return nil
}

// luminance is that of #rrggbb, as WCAG defines it: 0 is black, 1 is white.
func luminance(color string) float64 {
	rgb, _ := strconv.ParseUint(color[1:], 16, 32) // accentColor has looked
	channel := func(shift int) float64 {
		c := float64(rgb>>shift&0xff) / 255
		if c <= 0.04045 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	return 0.2126*channel(16) + 0.7152*channel(8) + 0.0722*channel(0)
}

func checkLogo(url string) error {
	if url == "" {
		return nil
	}
	picture, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(url, logoPrefix))
	if err != nil || !strings.HasPrefix(url, logoPrefix) {
		return Invalidf("Logo", "Logo: want a PNG that begins with %s", logoPrefix)
	}
	if len(picture) > maxLogo {
		return Invalidf("Logo", "Logo: at most %d KB", maxLogo>>10)
	}
	size, err := png.DecodeConfig(bytes.NewReader(picture))
	if err != nil {
		return Invalidf("Logo", "Logo: it is not a PNG")
	}
	if max(size.Width, size.Height) > maxLogoSide {
		return Invalidf("Logo", "Logo: at most %d pixels wide and high", maxLogoSide)
	}
	return nil
}
