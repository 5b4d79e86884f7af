package tandem

import "time"

// File is content that steps hand on: it came from a third party, or was made for
// one. It is kept for as long as the records of the steps may be.
type File struct {
	ID          string // random, of letters and digits
	Name        string // without a folder
	ContentType string
	Size        int64 // in bytes
	CreatedAt   time.Time
}
