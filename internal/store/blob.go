package store

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/store/bulk"
)

// blobThreshold is how many packed bytes of a step's data a row holds at most;
// more are a blob, where there is a place for blobs.
const blobThreshold = 256 << 10

// Blobs keeps what is too long for a row, by names that are used once.
type Blobs interface {
	// Put makes data durable.
	Put(ctx context.Context, name string, data []byte) error
	// Get errors: fs.ErrNotExist.
	Get(ctx context.Context, name string) ([]byte, error)
	// Delete deletes what has a name, if anything has.
	Delete(ctx context.Context, name string) error
	// Each gives the names that begin with a prefix, and for how long they have
	// been there. What it calls may delete.
	Each(ctx context.Context, prefix string, do func(name string, age time.Duration) error) error
}

// blobPlace is where a step item's data is, as its row says. A blob that is to go from
// its place has the negative of that.
type blobPlace int64

const (
	inRow    blobPlace = 0
	inFolder blobPlace = 1
	notKept  blobPlace = 2
	inBucket blobPlace = 3
)

// blob names the data of a step item that is not in its row.
type blob struct {
	account tandem.AccountID
	txn     tandem.TransactionID
	seq     int32
	place   blobPlace
	tail    string // of its name: who has lost the transaction to another writes over nothing of that one
}

// name has the account first, by which all that is an account's is found.
func (b blob) name() string {
	name := fmt.Sprintf("%d/%016x-%d", b.account, uint64(b.txn), b.seq)
	if b.tail != "" {
		name += "-" + b.tail
	}
	return name
}

func parseBlob(name string) (b blob, ok bool) {
	account, err := strconv.ParseInt(path.Dir(name), 10, 64)
	parts := strings.Split(path.Base(name), "-")
	if err != nil || len(parts) != 2 && len(parts) != 3 {
		return b, false
	}
	txn, err1 := strconv.ParseUint(parts[0], 16, 64)
	seq, err2 := strconv.ParseInt(parts[1], 10, 32)
	b = blob{account: tandem.AccountID(account), txn: tandem.TransactionID(txn), seq: int32(seq)}
	if len(parts) == 3 {
		b.tail = parts[2]
	}
	return b, errors.Join(err1, err2) == nil
}

// KeepBlobs has blobs kept in a bucket from now on, where otherwise SQLite has a folder
// for them, and PostgreSQL rows. It is called before the store is used.
func (s *Store) KeepBlobs(bucket Blobs) { s.bucket = bucket }

// blobs are those of a place. Without a bucket an installation can be made to lack
// one that it had.
func (s *Store) blobs(p blobPlace) (Blobs, error) {
	switch {
	case p == inFolder && s.folder != nil:
		return s.folder, nil
	case p == inBucket && s.bucket != nil:
		return s.bucket, nil
	}
	return nil, errors.New("long step data is kept in a place that this installation is not told of: see its setting for blobs")
}

// putBlob keeps data that is too long for a row, and gives what its row says of it.
// Where blobs have no place, the row has it after all.
func (s *Store) putBlob(ctx context.Context, b blob, data []byte) (blobPlace, []byte, error) {
	if b.place = inFolder; s.bucket != nil {
		b.place = inBucket
	}
	to, err := s.blobs(b.place)
	if len(data) <= blobThreshold || err != nil {
		return inRow, data, nil
	}
	b.tail = rand.Text()
	if err := to.Put(ctx, b.name(), data); err != nil {
		s.unable.Failed(err)
		return inRow, nil, unavailable(err)
	}
	return b.place, []byte(b.tail), nil
}

// getBlob reads one. Errors: fs.ErrNotExist; tandem.ErrAway, when its place does not
// answer.
func (s *Store) getBlob(ctx context.Context, b blob) ([]byte, error) {
	from, err := s.blobs(b.place)
	if err != nil {
		return nil, err
	}
	data, err := from.Get(ctx, b.name())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		err = errors.Join(tandem.ErrAway, err)
	}
	if err != nil {
		return nil, fmt.Errorf("read the blob %s: %w", b.name(), err)
	}
	return data, nil
}

// deleteBlobs deletes as many as can be, and gives those.
func (s *Store) deleteBlobs(ctx context.Context, all []blob) (deleted []blob, err error) {
	for _, b := range all {
		from, failed := s.blobs(b.place)
		if failed == nil {
			failed = from.Delete(ctx, b.name())
		}
		if failed != nil {
			err = errors.Join(err, fmt.Errorf("delete the blob %s: %w", b.name(), failed))
			continue
		}
		deleted = append(deleted, b)
	}
	return deleted, err
}

const blobColumns = `account, txn, seq, abs(blob), COALESCE(data, '')`

func scanBlob(r scanner) (b blob, err error) {
	return b, r.Scan(&b.account, &b.txn, &b.seq, &b.place, &b.tail)
}

var (
	// forgetData takes the data of step items out of their rows. Blobs are still
	// known by them until they are gone.
	forgetData = bulk.MustParse(`UPDATE step_item SET data = CASE WHEN blob IN (1, 3) THEN data END, blob = CASE WHEN blob IN (1, 3) THEN -blob ELSE 2 END
		FROM each(own_account bigint, own_txn bigint) WHERE step_item.account = each.own_account AND step_item.txn = each.own_txn`)
	forgetBlob = bulk.MustParse(`UPDATE step_item SET data = NULL, blob = 2 FROM each(own_account bigint, own_txn bigint, own_seq bigint)
		WHERE step_item.account = each.own_account AND step_item.txn = each.own_txn AND step_item.seq = each.own_seq AND step_item.blob < 0`)
)

// unloggedAnswer is how long an answer is kept of a transaction whose data is not: for
// longer than anybody waits for it. It is as old as the others are when they have that
// much time left.
const unloggedAnswer = 10 * time.Minute

// forget takes out the data of transactions that have ended and keep none.
func (b *batch) forget(ctx context.Context) error {
	return b.tx.Each(ctx, forgetData, b.forgotten, nil)
}

// ForgetBlobs deletes the blobs of transactions that have ended and keep no data.
func (s *Store) ForgetBlobs(ctx context.Context) error {
	for {
		leaving, err := rows(ctx, s.read(), scanBlob, `SELECT `+blobColumns+` FROM step_item WHERE blob < 0 LIMIT $1`, expireBatch)
		if err != nil {
			return fmt.Errorf("list the blobs that are not kept: %w", err)
		}
		gone, err := s.deleteBlobs(ctx, leaving)
		var keys [][]any
		for _, b := range gone {
			keys = append(keys, []any{int64(b.account), int64(b.txn), int64(b.seq)})
		}
		if len(keys) > 0 {
			err = errors.Join(err, s.dialect.Batch(ctx, func(tx bulk.Tx) error { return tx.Each(ctx, forgetBlob, keys, nil) }))
		}
		if err != nil || len(leaving) < expireBatch {
			return err
		}
	}
}

// blobGrace is for how long a blob in a bucket may be without a row: the commit that
// names it may be under way on another node.
const blobGrace = 24 * time.Hour

// SweepBlobs deletes what is in the bucket without a step item that has it, as its
// commit did not happen, or deleted it. It reads all the names that there are.
func (s *Store) SweepBlobs(ctx context.Context) (swept int, err error) {
	if s.bucket == nil {
		return 0, nil
	}
	return s.sweepBlobs(ctx, s.bucket, inBucket, blobGrace)
}

func (s *Store) sweepBlobs(ctx context.Context, in Blobs, p blobPlace, grace time.Duration) (swept int, err error) {
	err = in.Each(ctx, "", func(name string, age time.Duration) error {
		if age < grace {
			return nil
		}
		known, err := s.blobKnown(ctx, name, p)
		if err != nil || known {
			return err
		}
		swept++
		return in.Delete(ctx, name)
	})
	if err != nil {
		return swept, fmt.Errorf("sweep blobs: %w", err)
	}
	return swept, nil
}

// blobKnown says whether a step item has a blob of a place.
func (s *Store) blobKnown(ctx context.Context, name string, p blobPlace) (bool, error) {
	b, ok := parseBlob(name)
	if !ok {
		return false, nil
	}
	has, err := rows(ctx, s.read(), scanBlob, `SELECT `+blobColumns+` FROM step_item WHERE account = $1 AND txn = $2 AND seq = $3`, b.account, b.txn, b.seq)
	b.place = p
	return len(has) == 1 && has[0] == b, err
}
