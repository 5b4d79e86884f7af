package disktest

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"slices"
)

// sector is what a disk writes whole or not at all.
const sector = 512

// Loss says what becomes of what was not synced.
type Loss int

// The losses: all of it is gone; all of it is there, but for the last write, which
// is torn; each sector, and each truncation, is there or not by chance, and of the
// names in each folder those that came first.
const (
	Forget Loss = iota
	Tear
	Scatter
	losses
)

func (l Loss) String() string { return [...]string{"forget", "tear", "scatter"}[l] }

// Image makes in the folder into what a power cut at a place in the journal might
// have left. What the seed leaves open is the same each time.
func (d *Disk) Image(at int, seed uint64, into string) (Loss, error) {
	d.mu.Lock()
	ops := d.ops[:at:at]
	d.mu.Unlock()
	r := rand.New(rand.NewPCG(seed, uint64(at)))
	c := &cut{ops: ops, r: r, loss: Loss(r.IntN(int(losses))), chance: r.Float64(), garbage: r.IntN(2) == 0}
	folders, files := c.names()
	for _, f := range folders {
		if err := os.Mkdir(filepath.Join(into, filepath.FromSlash(f)), 0o700); err != nil {
			return c.loss, err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if err := os.WriteFile(filepath.Join(into, filepath.FromSlash(name)), c.content(files[name]), 0o600); err != nil {
			return c.loss, err
		}
	}
	return c.loss, nil
}

// cut is a power cut after ops.
type cut struct {
	ops     []op
	r       *rand.Rand
	loss    Loss
	chance  float64 // that a sector is kept
	garbage bool    // is where a file is longer and its sectors were dropped, not zeros
}

// names are the folders, those above first, and the files.
func (c *cut) names() (folders []string, files map[string]int) {
	kept := c.keptNames()
	files, there := map[string]int{}, map[string]bool{".": true}
	for i, o := range c.ops {
		if !kept[i] {
			continue
		}
		switch o.kind {
		case link:
			files[o.path] = o.node
		case unlink:
			delete(files, o.path)
			delete(there, o.path)
		case rename:
			if n, ok := files[o.from]; ok {
				files[o.path] = n
				delete(files, o.from)
			}
		case mkdir:
			there[o.path] = true
		}
	}
	delete(there, ".")
	lost := func(name string) bool {
		for up := path.Dir(name); up != "."; up = path.Dir(up) {
			if !there[up] {
				return true
			}
		}
		return false
	}
	folders = slices.DeleteFunc(slices.Sorted(maps.Keys(there)), lost)
	maps.DeleteFunc(files, func(name string, _ int) bool { return lost(name) })
	return folders, files
}

// keptNames says which changes of names are there: those before the last sync of
// their folder, and the first of the others.
func (c *cut) keptNames() map[int]bool {
	synced, since := map[string]int{}, map[string][]int{}
	for i, o := range c.ops {
		if o.kind == syncDir {
			synced[o.path] = i
		}
	}
	kept := map[int]bool{}
	for i, o := range c.ops {
		if o.kind > mkdir {
			continue
		}
		folder := path.Dir(o.path)
		if last, ok := synced[folder]; ok && i < last {
			kept[i] = true
		} else {
			since[folder] = append(since[folder], i)
		}
	}
	for _, folder := range slices.Sorted(maps.Keys(since)) {
		n := len(since[folder])
		switch c.loss {
		case Forget:
			n = 0
		case Scatter:
			n = c.r.IntN(n + 1)
		}
		for _, i := range since[folder][:n] {
			kept[i] = true
		}
	}
	return kept
}

// content is a file's.
func (c *cut) content(node int) (data []byte) {
	durable := -1
	for _, o := range c.ops {
		if o.kind == syncFile && o.node == node {
			durable = max(durable, int(o.at))
		}
	}
	for i, o := range c.ops {
		if o.node != node || o.kind != write && o.kind != truncate {
			continue
		}
		switch {
		case i < durable, c.loss == Tear && i < len(c.ops)-1:
			data = c.apply(data, o, 1)
		case c.loss == Tear:
			data = c.apply(data, o, 0.5)
		case c.loss == Scatter:
			data = c.apply(data, o, c.chance)
		}
	}
	return data
}

// apply does an operation, each sector of it with a chance.
func (c *cut) apply(data []byte, o op, chance float64) []byte {
	if o.kind == truncate {
		if chance == 1 || c.r.Float64() < chance {
			data = c.resize(data, o.at)
		}
		return data
	}
	for at, end := o.at, o.at+int64(len(o.data)); at < end; {
		next := min(at/sector*sector+sector, end)
		if chance == 1 || c.r.Float64() < chance {
			if int64(len(data)) < next {
				data = c.resize(data, next)
			}
			copy(data[at:next], o.data[at-o.at:])
		}
		at = next
	}
	return data
}

// resize cuts data, or makes it longer with what nobody wrote.
func (c *cut) resize(data []byte, size int64) []byte {
	if size <= int64(len(data)) {
		return data[:size:size]
	}
	was := len(data)
	data = append(data, make([]byte, size-int64(was))...)
	if c.garbage {
		for i := was; i < len(data); i++ {
			data[i] = byte(c.r.Uint32())
		}
	}
	return data
}

// String tells what happened around a place in the journal.
func (d *Disk) String() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	count := map[kind]int{}
	for _, o := range d.ops {
		count[o.kind]++
	}
	return fmt.Sprintf("%d writes, %d truncations, %d syncs of files, %d of folders, %d changes of names",
		count[write], count[truncate], count[syncFile], count[syncDir], count[link]+count[unlink]+count[rename]+count[mkdir])
}
