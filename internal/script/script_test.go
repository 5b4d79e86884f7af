package script

import (
	"fmt"
	"log/slog"
	"os"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem/internal/script/sandbox"
	"github.com/tandem-ipaas/tandem/internal/script/wire"
)

// TestMain makes the test's program its own worker, as the command is; and other
// programs that tests need.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 {
		switch os.Args[1] {
		case Subcommand:
			exit(sandbox.Work(os.Stdin, os.Stdout))
		case "liar":
			exit(lie(os.Args[2]))
		case "parent":
			exit(parent(os.Args[2]))
		}
	}
	os.Exit(m.Run())
}

func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// lie is a worker that says something else than it should, when it is asked.
func lie(how string) error {
	if how == "at the start" {
		return wire.Write(os.Stdout, wire.Message{Ready: wire.Version + 1})
	}
	if err := wire.Write(os.Stdout, wire.Message{Ready: wire.Version}); err != nil {
		return err
	}
	if _, err := wire.NewReader(os.Stdin).Read(); err != nil {
		return err
	}
	switch how {
	case "huge":
		os.Stdout.Write([]byte{0xff, 0xff, 0xff, 0xff})
	case "garbage":
		os.Stdout.WriteString("\x00\x00\x00\x04{{{{")
	case "nothing":
		os.Stdout.WriteString("\x00\x00\x00\x02{}")
	case "fault":
		wire.Write(os.Stdout, wire.Message{Done: &wire.Done{Fault: &wire.Fault{Kind: "Unavailable"}}})
	case "results":
		wire.Write(os.Stdout, wire.Message{Done: &wire.Done{Results: make([]wire.Result, 7)}})
	case "log":
		for {
			if err := wire.Write(os.Stdout, wire.Message{Log: "again and again"}); err != nil {
				return err
			}
		}
	}
	time.Sleep(10 * time.Second)
	return nil
}

// parent runs a script without end, or none, and says which process its worker is.
func parent(how string) error {
	p := NewPool(slog.New(slog.DiscardHandler), Options{Workers: 1})
	w, err := p.take()
	if err != nil {
		return err
	}
	fmt.Println(w.cmd.Process.Pid)
	if how == "busy" {
		frame, err := wire.Encode(wire.Message{Run: &wire.Run{
			Limits: wire.Limits{Milliseconds: 60_000, Memory: 256 << 20}, Event: "after_action",
			Levels: []wire.Level{{Name: "Step", Text: "for (;;) new Array(2 ** 32 - 1).join('')"}},
		}})
		if err != nil {
			return err
		}
		if _, err := w.in.Write(frame); err != nil {
			return err
		}
	}
	time.Sleep(time.Minute)
	return nil
}

func newPool(t testing.TB, o Options) *Pool {
	t.Helper()
	p := NewPool(slog.New(slog.NewTextHandler(t.Output(), nil)), o)
	t.Cleanup(func() { p.Close() })
	return p
}
