package app

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"
)

// crashFile is where the runtime writes why it ended the process: a panic that
// nobody recovered, memory or stack that ran out. It stays empty when the
// process is killed.
const crashFile = "crash.txt"

// watchCrashes has such a report written to the data folder from now on, and
// says whether the process before left one, which is kept beside it.
func (a *App) watchCrashes() (crashed bool, err error) {
	path := filepath.Join(a.cfg.Data, crashFile)
	if info, err := os.Stat(path); err == nil && info.Size() > 0 {
		kept := filepath.Join(a.cfg.Data, "crash-"+time.Now().UTC().Format("20060102T150405Z")+".txt")
		if err := os.Rename(path, kept); err != nil {
			return false, fmt.Errorf("keep the crash report: %w", err)
		}
		a.log.Error("the process before ended by a fault in it", "report", kept)
		crashed = true
	}
	// Nobody else makes the folder where PostgreSQL holds the data and the
	// environment the master key.
	if err := os.MkdirAll(a.cfg.Data, 0o700); err != nil {
		return crashed, fmt.Errorf("make the data folder: %w", err)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return crashed, fmt.Errorf("open the crash report: %w", err)
	}
	return crashed, errors.Join(debug.SetCrashOutput(f, debug.CrashOptions{}), f.Close())
}
