package body

import (
	"context"
	"encoding/json"
	"io"
	"strconv"
)

// File is how a document refers to a file. Where there is a place for one, these
// are as good:
//
//	{"FileName": "a.pdf", "ContentType": "application/pdf", "Size": 3, "File": "file:…"}
//	"file:…"
//	{"FileName": "a.csv", "Content": "a,b"}
//	{"FileName": "a.png", "Data": "iVBORw0…"} (base64)
//	"a,b" (its content)
type File struct {
	FileName    string
	ContentType string
	Size        int64  // in bytes
	File        string // its id, which begins with file:
}

// Files is where the content of files is, of one account: an id of another's is
// not known. It decides for how long a file is kept, also one that nothing came
// of because of an error.
type Files interface {
	// Create keeps what r has. The name is one without folders, and may be that of
	// another file.
	Create(ctx context.Context, name, contentType string, r io.Reader) (File, error)
	// Open begins to read a file, and says what it is.
	Open(ctx context.Context, id string) (io.ReadCloser, File, error)
}

// The members of a file in a document.
const (
	fileName    = "FileName"
	contentType = "ContentType"
	fileSize    = "Size"
	fileID      = "File"
	fileContent = "Content" // in place of File: its text
	fileData    = "Data"    // in place of File: its bytes, in base64
)

// idPrefix begins the id of a file.
const idPrefix = "file:"

// Document is the file as a value in a document.
func (f File) Document() map[string]any {
	return map[string]any{
		fileName:    f.FileName,
		contentType: f.ContentType,
		fileSize:    json.Number(strconv.FormatInt(f.Size, 10)),
		fileID:      f.File,
	}
}

// record is what is recorded in place of the content.
func (f File) record() string {
	return "[" + f.FileName + ", " + strconv.FormatInt(f.Size, 10) + " bytes]"
}
