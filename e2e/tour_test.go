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
	out := runTour(t, dir, tourScript(t, string(readme)))
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

// tourScript joins the README's shell blocks. The programs are built already.
func tourScript(t *testing.T, readme string) string {
	var b strings.Builder
	b.WriteString("set -eu\ntrap 'kill $(jobs -p)' EXIT\n")
	for _, m := range shellBlock.FindAllStringSubmatch(readme, -1) {
		b.WriteString(m[1])
	}
	script := b.String()
	for i, address := range freeAddresses(t, 3) {
		fixed := []string{"127.0.0.1:8080", "127.0.0.1:9101", "127.0.0.1:9102"}[i]
		if !strings.Contains(script, fixed) {
			t.Fatalf("the README's tour does not use %s", fixed)
		}
		script = strings.ReplaceAll(script, fixed, address)
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
