package pgtest

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

const ownerEnv = "PGTEST_OWNER"

// TestOwner is not a test: it is the process that the next one kills.
func TestOwner(t *testing.T) {
	if os.Getenv(ownerEnv) != "1" {
		return
	}
	c := startCluster(t)
	fmt.Printf("%d %s\n", c.process.Pid, c.URL())
	select {}
}

func TestServerDiesWithAKilledOwner(t *testing.T) {
	needPostgreSQL(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	owner := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestOwner$")
	owner.Env = append(os.Environ(), ownerEnv+"=1", Env+"=unused", "TMPDIR="+openDir(t))
	out, err := owner.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := owner.Start(); err != nil {
		t.Fatal(err)
	}
	var pid int
	var server string
	line, err := bufio.NewReader(out).ReadString('\n')
	if _, scanErr := fmt.Sscan(line, &pid, &server); err != nil || scanErr != nil {
		t.Fatalf("owner said %q: %v, %v", strings.TrimSpace(line), err, scanErr)
	}
	conn := connect(t, server)

	_ = owner.Process.Kill()
	_ = owner.Wait()

	if _, err := conn.WaitForNotification(ctx); err == nil || ctx.Err() != nil {
		t.Fatalf("the server lives on after its owner: %v", err)
	}
	for syscall.Kill(pid, 0) == nil && ctx.Err() == nil {
		time.Sleep(10 * time.Millisecond) // not our child: nothing to wait for
	}
	if err := ctx.Err(); err != nil {
		t.Errorf("PostgreSQL, process %d, is still there: %v", pid, err)
	}
}

// openDir makes a folder that other users may enter; t.TempDir's is closed to
// the one who runs PostgreSQL for root.
func openDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "pgtest-owner-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}
