package target

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/tandem-ipaas/tandem/internal/pgtest"
)

// Postgres starts so many nodes of the real binary on a PostgreSQL of their own, as
// it comes, which counts as part of the system. What comes in comes to the first
// node; all of them work on it.
func Postgres(binary, files string, nodes int) Starter {
	return func(ctx context.Context, dir, sink string) (_ *System, err error) {
		cluster, err := pgtest.Start(ctx, pgtest.Options{})
		if err != nil {
			return nil, err
		}
		s := &System{PIDs: []int{cluster.PID()}, URL: cluster.URL()}
		var started []*process
		s.stop = func() error {
			var errs []error
			for _, p := range started {
				errs = append(errs, p.stop())
			}
			cluster.Stop()
			return errors.Join(errs...)
		}
		defer func() {
			if err != nil {
				err = errors.Join(err, s.stop())
			}
		}()
		storage := []string{"--data", filepath.Join(dir, "data"), "--database", cluster.URL()}
		creds, err := initPartner(ctx, binary, storage)
		if err != nil {
			return nil, err
		}
		var n *node
		for i := range nodes {
			log := filepath.Join(dir, fmt.Sprint("node", nodes-i))
			if err := os.Mkdir(log, 0o700); err != nil {
				return nil, err
			}
			if n, err = serve(ctx, log, binary, files, storage); err != nil {
				return nil, err
			}
			started, s.PIDs = append(started, n.process), append(s.PIDs, n.cmd.Process.Pid)
		}
		s.Partner = n.partner(creds)
		s.URLs, err = setUp(ctx, s.Partner, files, sink)
		return s, err
	}
}
