package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// filePlace is where the content of a file is, as its row says.
type filePlace int64

const (
	fileHere     filePlace = 0 // in the folder, or in rows
	fileInBucket filePlace = 1
)

// KeepFiles has the files of steps kept in a bucket from now on, where otherwise SQLite
// has a folder for them, and PostgreSQL rows. It is called before the store is used.
func (s *Store) KeepFiles(bucket Blobs) {
	if bucket != nil {
		s.shared = &fileBucket{bucket}
	}
}

// filesAt are those of a place. Without a bucket an installation can be made to lack
// one that it had.
func (s *Store) filesAt(p filePlace) (fileContent, error) {
	switch {
	case p == fileHere:
		return s.files, nil
	case s.shared != nil:
		return s.shared, nil
	}
	return nil, errors.New("files are kept in a place that this installation is not told of: see its setting for files")
}

// newPlace is where a new file goes.
func (s *Store) newPlace() filePlace {
	if s.shared != nil {
		return fileInBucket
	}
	return fileHere
}

// partSize is how many bytes of a file an object has at most, and how many are in
// memory at once.
const partSize = 8 << 20

// fileBucket keeps files in objects of a bucket, part by part.
type fileBucket struct{ Blobs }

func partsOf(a tandem.AccountID, id string) string { return fmt.Sprintf("%d/%s/", a, id) }

func partOf(a tandem.AccountID, id string, seq int) string {
	return fmt.Sprintf("%s%06d", partsOf(a, id), seq)
}

func (f *fileBucket) write(ctx context.Context, a tandem.AccountID, id string, r io.Reader) (size int64, _ error) {
	part := make([]byte, partSize)
	for seq := 0; ; seq++ {
		n, err := io.ReadFull(r, part)
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			return size, err
		}
		if n > 0 {
			if failed := f.Put(ctx, partOf(a, id, seq), part[:n]); failed != nil {
				return size, unavailable(failed)
			}
			size += int64(n)
		}
		if err != nil {
			return size, nil
		}
	}
}

func (f *fileBucket) open(ctx context.Context, a tandem.AccountID, file tandem.File) (io.ReadCloser, error) {
	return io.NopCloser(&partReader{ctx: ctx, bucket: f, account: a, file: file}), nil
}

func (f *fileBucket) remove(ctx context.Context, a tandem.AccountID, id string) error {
	return f.clear(ctx, partsOf(a, id))
}

// clear deletes what begins with a prefix.
func (f *fileBucket) clear(ctx context.Context, prefix string) error {
	return f.Each(ctx, prefix, func(name string, _ time.Duration) error { return f.Delete(ctx, name) })
}

// partReader reads a file part by part.
type partReader struct {
	ctx     context.Context
	bucket  *fileBucket
	account tandem.AccountID
	file    tandem.File
	seq     int
	read    int64
	rest    []byte
}

// Read implements io.Reader.
func (r *partReader) Read(p []byte) (n int, err error) {
	if len(r.rest) == 0 {
		if r.read == r.file.Size {
			return 0, io.EOF
		}
		r.rest, err = r.bucket.Get(r.ctx, partOf(r.account, r.file.ID, r.seq))
		switch {
		case errors.Is(err, fs.ErrNotExist), err == nil && len(r.rest) == 0:
			return 0, io.ErrUnexpectedEOF // it was deleted meanwhile
		case err != nil:
			return 0, errors.Join(tandem.ErrAway, err)
		}
		r.seq++
		r.read += int64(len(r.rest))
	}
	n = copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}
