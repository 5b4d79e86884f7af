package main

import (
	"context"
	"runtime/metrics"
	"testing"
	"testing/synctest"
	"time"
)

func TestMemoryIsGivenBack(t *testing.T) {
	t.Setenv("GOGC", "200") // or all tests after this one would go by the server's
	const used = 256 << 20
	all := make([][]byte, used>>20)
	for i := range all {
		all[i] = make([]byte, 1<<20)
		for b := 0; b < len(all[i]); b += 4096 {
			all[i][b] = 1
		}
	}
	clear(all)
	before := released()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() {
			keepMemory(ctx)
			close(ended)
		}()
		time.Sleep(restTime + restTime/2)
		cancel()
		<-ended
	})
	if gave := released() - before; gave < used*3/4 {
		t.Errorf("%d bytes were given back of %d", gave, used)
	}
}

// released is how many bytes of the heap the system has back.
func released() int64 {
	s := []metrics.Sample{{Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(s)
	return int64(s[0].Value.Uint64())
}
