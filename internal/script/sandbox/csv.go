package sandbox

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// table is the argument of cyclr_csv_parse.
type table struct{ Value, Delimiter string }

// maxFields is how many fields a CSV may have in all.
const maxFields = 1_000_000

// parseCSV is the records, lists of texts. Which of them names the columns is the
// prelude's business: objects keep the order of their columns there.
func parseCSV(t table) ([][]string, error) {
	delimiter, size := utf8.DecodeRuneInString(t.Delimiter)
	if size == 0 || size != len(t.Delimiter) {
		return nil, errors.New("the delimiter of cyclr_csv_parse is one character")
	}
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(t.Value, "\ufeff")))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes = delimiter, -1, true
	records := [][]string{}
	for fields := 0; ; {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return records, nil
		}
		if err != nil {
			return nil, fmt.Errorf("cyclr_csv_parse: %w", err)
		}
		if fields += len(record); fields > maxFields {
			return nil, fmt.Errorf("cyclr_csv_parse: at most %d fields", maxFields)
		}
		records = append(records, record)
	}
}
