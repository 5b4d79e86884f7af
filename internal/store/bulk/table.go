package bulk

// Table is a table as the database describes it.
type Table struct {
	Name    string
	Columns []Column // in order; of the types bigint, text, bytea and boolean
	Needs   []string // tables that its foreign keys refer to
}

// Names are those of the columns.
func (t Table) Names() []string {
	all := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		all[i] = c.Name
	}
	return all
}
