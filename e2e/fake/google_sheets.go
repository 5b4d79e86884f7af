package fake

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// book is a spreadsheet.
type book struct {
	id, title string
	sheets    []*sheet
}

type sheet struct {
	id            int
	title         string
	rows, columns int     // of the grid
	cells         [][]any // from the first row
}

// write puts a row of cells; what is nil stays as it was.
func (s *sheet) write(row, column int, cells []any) {
	for len(s.cells) < row {
		s.cells = append(s.cells, nil)
	}
	s.rows = max(s.rows, row)
	line := s.cells[row-1]
	for len(line) < column+len(cells) {
		line = append(line, "")
	}
	for i, cell := range cells {
		if cell != nil {
			line[column+i] = cell
		}
	}
	s.cells[row-1] = line
}

// area is a range of a sheet: rows from 1, columns from 0, the ends within.
type area struct {
	*sheet
	row, column, lastRow, lastColumn int
}

func (a area) String() string {
	return fmt.Sprintf("'%s'!%s%d:%s%d", strings.ReplaceAll(a.title, "'", "''"), string(rune('A'+a.column)), a.row, string(rune('A'+a.lastColumn)), a.lastRow)
}

var a1 = regexp.MustCompile(`^(?:'((?:[^']|'')*)'|([^!':]+))(?:!([A-Z]?)(\d*)(?::([A-Z]?)(\d*))?)?$`)

// find reads a range in A1 notation, and cuts it to the grid.
func (b *book) find(text string) (a area, problem string) {
	m := a1.FindStringSubmatch(text)
	if m == nil {
		return a, "Unable to parse range: " + text
	}
	title := strings.ReplaceAll(m[1], "''", "'") + m[2]
	i := slices.IndexFunc(b.sheets, func(s *sheet) bool { return s.title == title })
	if i < 0 {
		return a, "Unable to parse range: " + text
	}
	a = area{b.sheets[i], 1, 0, b.sheets[i].rows, b.sheets[i].columns - 1}
	number := func(s string, otherwise int) int {
		if n, err := strconv.Atoi(s); err == nil {
			return n
		}
		return otherwise
	}
	column := func(s string, otherwise int) int {
		if s == "" {
			return otherwise
		}
		return int(s[0] - 'A')
	}
	if strings.Contains(text, "!") {
		a.row, a.column = number(m[4], 1), column(m[3], 0)
		a.lastRow, a.lastColumn = number(m[6], a.row), column(m[5], a.lastColumn)
	}
	if a.row > a.rows {
		return a, fmt.Sprintf("Range (%s) exceeds grid limits. Max rows: %d, max columns: %d", a, a.rows, a.columns)
	}
	a.lastRow = min(a.lastRow, a.rows)
	return a, ""
}

// values are the cells, without the blank ones at the ends.
func (a area) values() object {
	out := object{"range": a.String(), "majorDimension": "ROWS"}
	rows := [][]any{}
	for n := a.row; n <= min(a.lastRow, len(a.cells)); n++ {
		line := a.cells[n-1]
		line = slices.Clone(line[min(a.column, len(line)):min(a.lastColumn+1, len(line))])
		for len(line) > 0 && line[len(line)-1] == "" {
			line = line[:len(line)-1]
		}
		rows = append(rows, line)
	}
	for len(rows) > 0 && len(rows[len(rows)-1]) == 0 {
		rows = rows[:len(rows)-1]
	}
	if len(rows) > 0 {
		out["values"] = rows
	}
	return out
}

// sheetsAPI is the API of Sheets.
func (g *Google) sheetsAPI(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Properties struct{ Title string }
		Sheets     []struct{ Properties struct{ Title string } }
		Values     [][]any
		Requests   []struct {
			AddSheet    *struct{ Properties struct{ Title string } }
			DeleteSheet *struct{ SheetID int }
		}
	}
	if r.ContentLength > 0 {
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
			g.fail(w, http.StatusBadRequest, "INVALID_ARGUMENT", "Invalid JSON payload received. "+err.Error())
			return
		}
	}
	path := strings.TrimPrefix(strings.TrimPrefix(r.URL.Path, "/v4/spreadsheets"), "/")
	if path == "" {
		titles := []string{}
		for _, s := range in.Sheets {
			titles = append(titles, s.Properties.Title)
		}
		if len(titles) == 0 {
			titles = []string{"Sheet1"}
		}
		write(w, http.StatusOK, g.addBook(in.Properties.Title, titles...).shown())
		return
	}
	id, rest, of := strings.Cut(path, "/values")
	id, verb, _ := strings.Cut(id, ":")
	b := g.books[id]
	switch {
	case b == nil:
		g.fail(w, http.StatusNotFound, "NOT_FOUND", "Requested entity was not found.")
	case !of && verb == "batchUpdate":
		replies := []object{}
		for _, c := range in.Requests {
			switch {
			case c.AddSheet != nil:
				s := &sheet{id: len(b.sheets) + 100, title: c.AddSheet.Properties.Title, rows: 1000, columns: 26}
				b.sheets = append(b.sheets, s)
				replies = append(replies, object{"addSheet": s.shown()})
			case c.DeleteSheet != nil:
				b.sheets = slices.DeleteFunc(b.sheets, func(s *sheet) bool { return s.id == c.DeleteSheet.SheetID })
				replies = append(replies, object{})
			}
		}
		write(w, http.StatusOK, object{"spreadsheetId": id, "replies": replies})
	case !of:
		write(w, http.StatusOK, b.shown())
	case rest == ":batchGet":
		g.batchGet(w, b, r.URL.Query()["ranges"])
	default:
		g.cells(w, r, b, strings.TrimPrefix(rest, "/"), in.Values)
	}
}

func (b *book) shown() object {
	sheets := []object{}
	for _, s := range b.sheets {
		sheets = append(sheets, s.shown())
	}
	return object{"spreadsheetId": b.id, "spreadsheetUrl": "https://docs.google.com/spreadsheets/d/" + b.id + "/edit", "properties": object{"title": b.title}, "sheets": sheets}
}

func (s *sheet) shown() object {
	return object{"properties": object{"sheetId": s.id, "title": s.title, "gridProperties": object{"rowCount": s.rows, "columnCount": s.columns}}}
}

func (g *Google) batchGet(w http.ResponseWriter, b *book, ranges []string) {
	all := []object{}
	for _, text := range ranges {
		a, problem := b.find(text)
		if problem != "" {
			g.fail(w, http.StatusBadRequest, "INVALID_ARGUMENT", problem)
			return
		}
		all = append(all, a.values())
	}
	write(w, http.StatusOK, object{"spreadsheetId": b.id, "valueRanges": all})
}

// cells is for one range: it reads, writes, empties, or adds after it.
func (g *Google) cells(w http.ResponseWriter, r *http.Request, b *book, text string, rows [][]any) {
	verb := ""
	for _, each := range []string{":append", ":clear"} {
		if rest, ok := strings.CutSuffix(text, each); ok {
			text, verb = rest, each
		}
	}
	a, problem := b.find(text)
	writes := verb == ":append" || r.Method == http.MethodPut
	switch {
	case problem != "":
		g.fail(w, http.StatusBadRequest, "INVALID_ARGUMENT", problem)
	case writes && r.URL.Query().Get("valueInputOption") == "":
		g.fail(w, http.StatusBadRequest, "INVALID_ARGUMENT", "'valueInputOption' is required but not specified")
	case verb == ":clear":
		for n := a.row; n <= min(a.lastRow, len(a.cells)); n++ {
			for i := a.column; i <= min(a.lastColumn, len(a.cells[n-1])-1); i++ {
				a.cells[n-1][i] = ""
			}
		}
		write(w, http.StatusOK, object{"spreadsheetId": b.id, "clearedRange": a.String()})
	case !writes:
		write(w, http.StatusOK, a.values())
	default:
		before := a
		if verb == ":append" {
			a.row = len(a.cells) + 1
		}
		count := 0
		for i, row := range rows {
			a.write(a.row+i, a.column, row)
			count += len(row)
		}
		a.lastRow = a.row + len(rows) - 1
		done := object{"spreadsheetId": b.id, "updatedRange": a.String(), "updatedRows": len(rows), "updatedCells": count}
		if verb == ":append" {
			done = object{"spreadsheetId": b.id, "tableRange": before.String(), "updates": done}
		}
		write(w, http.StatusOK, done)
	}
}

// Row is a row of a sheet, from 1.
func (g *Google) Row(id, title string, n int) []any {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, s := range g.books[id].sheets {
		if s.title == title && n <= len(s.cells) {
			return s.cells[n-1]
		}
	}
	return nil
}
