package archtest

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	gocmp "github.com/google/go-cmp/cmp"
)

var namedRooms = regexp.MustCompile("`internal/([a-z]+|{[a-z,]+})/`")

// docs/design.md says what each folder of internal/ is for, and speaks of none
// that is gone.
func TestRoomsAreDescribed(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "docs", "design.md"))
	if err != nil {
		t.Fatal(err)
	}
	var described []string
	for _, found := range namedRooms.FindAllStringSubmatch(string(text), -1) {
		described = append(described, strings.Split(strings.Trim(found[1], "{}"), ",")...)
	}
	folders, err := os.ReadDir(filepath.Join(root, "internal"))
	if err != nil {
		t.Fatal(err)
	}
	for _, fault := range undescribed(described, folders) {
		t.Error(fault)
	}
}

func undescribed(described []string, folders []os.DirEntry) (faults []string) {
	for _, f := range folders {
		i := slices.Index(described, f.Name())
		if i < 0 {
			faults = append(faults, fmt.Sprintf("docs/design.md does not say what internal/%s is for", f.Name()))
			continue
		}
		described = slices.Delete(described, i, i+1)
	}
	for _, d := range described {
		faults = append(faults, fmt.Sprintf("docs/design.md speaks of internal/%s, which is not there, or does so twice", d))
	}
	return faults
}

func TestUndescribed(t *testing.T) {
	folders, err := fstest.MapFS{"api/x": {}, "new/x": {}}.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"docs/design.md does not say what internal/new is for",
		"docs/design.md speaks of internal/old, which is not there, or does so twice",
	}
	if diff := gocmp.Diff(want, undescribed([]string{"old", "api"}, folders)); diff != "" {
		t.Error(diff)
	}
}
