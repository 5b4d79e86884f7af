package workbench

import (
	"bytes"
	_ "embed"
	"text/template"

	"github.com/google/uuid"
)

//go:embed begin.yaml
var beginning string

// begin is a small definition with the parts that most have, each explained, and
// GUIDs of its own.
func begin(name string) []byte {
	t := template.Must(template.New("").Delims("<<", ">>").Funcs(template.FuncMap{"guid": uuid.NewString}).Parse(beginning))
	var b bytes.Buffer
	if err := t.Execute(&b, name); err != nil {
		panic("workbench: " + err.Error()) // into memory, of a text that is ours
	}
	return b.Bytes()
}
