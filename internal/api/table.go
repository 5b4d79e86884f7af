package api

import (
	"encoding/json"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/sheet"
)

// Format is how a list is wanted.
type Format struct {
	Format string `query:"format" doc:"csv: all rows as CSV, instead of one page as JSON. So does Accept: text/csv."`
	Accept string `header:"Accept" hidden:"true"`
}

func (f *Format) csv() bool {
	media, _, _ := strings.Cut(f.Accept, ";")
	return strings.EqualFold(f.Format, "csv") || f.Format == "" && strings.EqualFold(strings.TrimSpace(media), "text/csv")
}

// tabular is a page of a list as JSON, or all of it as CSV.
type tabular struct {
	ContentType  string `header:"Content-Type"`
	Disposition  string `header:"Content-Disposition"`
	TotalPages   string `header:"Total-Pages"`
	TotalRecords string `header:"Total-Records"`
	Body         func(huma.Context)
}

// paged answers with a page as JSON, unless err.
func paged[T any](r tandem.PageRequest, p tandem.Page[T], err error) (*tabular, error) {
	l, err := page(r, p, err, same)
	if err != nil {
		return nil, err
	}
	return &tabular{
		ContentType: jsonType, TotalPages: strconv.Itoa(l.TotalPages), TotalRecords: strconv.Itoa(l.TotalRecords),
		Body: func(x huma.Context) { _ = json.NewEncoder(x.BodyWriter()).Encode(l.Body) }, // the client has gone
	}, nil
}

// flushed is how many rows go out at once.
const flushed = 500

// sheetOf answers with CSV: a line of names, then the rows that each gives, as
// they come. When that fails, the connection breaks, since the status is out.
func sheetOf(name string, columns []string, each func(row func(cells ...string) error) error) *tabular {
	return &tabular{ContentType: sheet.ContentType, Disposition: `attachment; filename="` + name + `.csv"`, Body: func(x huma.Context) {
		req, w := humago.Unwrap(x)
		out, table, rows := http.NewResponseController(w), sheet.New(w), 0
		flush := func() error {
			if err := out.SetWriteDeadline(time.Now().Add(patience)); err != nil {
				return err
			}
			return table.Flush()
		}
		err := table.Write(columns...)
		if err == nil {
			err = each(func(cells ...string) error {
				if rows++; rows%flushed == 0 {
					if err := flush(); err != nil {
						return err
					}
				}
				return table.Write(cells...)
			})
		}
		if err == nil {
			err = flush()
		}
		if err != nil {
			recordOf(req.Context()).err = err
			panic(http.ErrAbortHandler)
		}
	}}
}

// onward is fetch for a list that grows at one end and shrinks at the other: pages
// after the first are read on from the row that the one before ended with, which
// past is told.
func onward[T any](past *int64, id func(*T) int64, fetch func(tandem.PageRequest) (tandem.Page[T], error)) func(tandem.PageRequest) (tandem.Page[T], error) {
	total := 0
	return func(r tandem.PageRequest) (tandem.Page[T], error) {
		if *past != 0 {
			r.Page = 1
		}
		found, err := fetch(r)
		total = max(total, found.Total) // only the first is counted
		found.Total = total
		if n := len(found.Rows); n > 0 {
			*past = id(&found.Rows[n-1])
		}
		return found, err
	}
}

// describeTable says what a tabular answer holds: rows of type t.
func describeTable(doc *huma.OpenAPI, op *huma.Operation, t reflect.Type) {
	text := func(what string) *huma.Param {
		return &huma.Param{Description: what, Schema: &huma.Schema{Type: huma.TypeInteger}}
	}
	op.Responses["200"] = &huma.Response{
		Description: "A page of the list, or all of it as CSV.",
		Headers:     map[string]*huma.Param{"Total-Pages": text("Pages in all; of JSON."), "Total-Records": text("Rows in all; of JSON.")},
		Content: map[string]*huma.MediaType{
			jsonType:   {Schema: &huma.Schema{Type: huma.TypeArray, Items: doc.Components.Schemas.Schema(t, true, t.Name())}},
			"text/csv": {Schema: &huma.Schema{Type: huma.TypeString}, Example: "…"},
		},
	}
}
