package e2e

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

var shellBlock = regexp.MustCompile("(?s)```sh\n(.*?)```")

// TestTour runs the README's tour, line by line, on free ports.
func TestTour(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, target := range map[string]string{"bin": bin, "examples": mustAbs(t, "../examples")} {
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	out := runTour(t, dir, pageScript(t, string(readme), "127.0.0.1:8080", "127.0.0.1:9101", "127.0.0.1:9102"))
	for _, want := range []string{
		`"Name":"Page Turner Books"`,  // the account
		`"email":"ada@example.com"`,   // the subscriber, her address in lower case
		`"full_name":"Ada Lovelace"`,  //
		`"Outcome":"Success"`,         // the steps
		`"TasksUsed":2`,               // the webhook and the subscription
		`"AuthenticationState":"Auth`, // the connectors
	} {
		if !strings.Contains(strings.ReplaceAll(out, `": `, `":`), want) {
			t.Errorf("the tour did not print %s", want)
		}
	}
	if t.Failed() {
		t.Logf("the tour printed:\n%s", out)
	}
}

// TestConnectorsPage builds a connector as docs/connectors.md says, word by word.
func TestConnectorsPage(t *testing.T) {
	page, err := os.ReadFile("../docs/connectors.md")
	if err != nil {
		t.Fatal(err)
	}
	text, _, _ := strings.Cut(string(page), "\n## What is what")
	definition := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindStringSubmatch(text)
	if definition == nil {
		t.Fatal("the page has no definition")
	}
	text = strings.Replace(text, definition[0], "```sh\ncat > my-connectors/contacts/connector.yaml <<'EOF'\n"+definition[1]+"EOF\n```\n", 1)
	dir := t.TempDir()
	if err := os.Symlink(bin, filepath.Join(dir, "bin")); err != nil {
		t.Fatal(err)
	}
	out := runTour(t, dir, pageScript(t, text, "127.0.0.1:8080", "127.0.0.1:9101"))
	for _, want := range []string{
		"My Contacts 1.0 is sound: 2 methods.", "1 of 1 recordings play as they were.",
		`"email":"ada@example.com"`, `"email":"grace@example.com"`, `"email":"alan@example.com"`,
	} {
		if !strings.Contains(strings.ReplaceAll(out, `": `, `":`), want) {
			t.Errorf("what the page says did not print %s", want)
		}
	}
	if strings.Contains(out, "crm-key") {
		t.Error("the key is told")
	}
	if t.Failed() {
		t.Logf("it printed:\n%s", out)
	}
}

// pageScript joins a page's shell blocks, with free addresses in place of those
// that it uses. The programs are built already.
func pageScript(t *testing.T, page string, addresses ...string) string {
	var b strings.Builder
	b.WriteString("set -eu\ntrap 'kill $(jobs -p)' EXIT\n")
	for _, m := range shellBlock.FindAllStringSubmatch(page, -1) {
		b.WriteString(m[1])
	}
	script := b.String()
	for i, free := range freeAddresses(t, len(addresses)) {
		if !strings.Contains(script, addresses[i]) {
			t.Fatalf("the page does not use %s", addresses[i])
		}
		script = strings.ReplaceAll(script, addresses[i], free)
	}
	return strings.Replace(script, "make build\n", "", 1)
}

func runTour(t *testing.T, dir, script string) string {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "bash", "-c", script)
	cmd.Dir = dir
	cmd.WaitDelay = 5 * time.Second
	dieWithParent(cmd)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("the tour failed: %v\n%s", err, out)
	}
	return string(out)
}

func mustAbs(t *testing.T, path string) string {
	t.Helper()
	abs, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	return abs
}
