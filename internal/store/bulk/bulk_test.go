package bulk_test

import (
	"slices"
	"testing"

	"github.com/tandem-ipaas/tandem/internal/store/bulk"
)

func TestStatement(t *testing.T) {
	for _, c := range []struct {
		text, arrays, single string
		columns              []int
	}{
		{
			"INSERT INTO t (a, b) SELECT each.* FROM each(a bigint, b text) WHERE true ON CONFLICT DO NOTHING",
			"INSERT INTO t (a, b) SELECT each.* FROM unnest($1::bigint[], $2::text[]) AS each(a, b) WHERE true ON CONFLICT DO NOTHING",
			"INSERT INTO t (a, b) SELECT ?, ?  WHERE true ON CONFLICT DO NOTHING",
			[]int{0, 1},
		},
		{
			"UPDATE t SET b = each.b FROM each(a bigint, b text) WHERE t.a = each.a RETURNING each.ordinal",
			"UPDATE t SET b = each.b FROM unnest($1::bigint[], $2::text[]) WITH ORDINALITY AS each(a, b, ordinal) WHERE t.a = each.a RETURNING each.ordinal",
			"UPDATE t SET b = ?  WHERE t.a = ? ",
			[]int{1, 0},
		},
		{
			"UPDATE t SET b = 1 FROM each(a bigint) WHERE t.a = each.a RETURNING each.ordinal, b",
			"UPDATE t SET b = 1 FROM unnest($1::bigint[]) WITH ORDINALITY AS each(a, ordinal) WHERE t.a = each.a RETURNING each.ordinal, b",
			"UPDATE t SET b = 1  WHERE t.a = ? RETURNING ?, b",
			[]int{0, 1},
		},
		{
			"SELECT t.b FROM t, each(a bigint) WHERE t.a = each.a",
			"SELECT t.b FROM t, unnest($1::bigint[]) AS each(a) WHERE t.a = each.a",
			"SELECT t.b FROM t WHERE t.a = ?",
			[]int{0},
		},
	} {
		st := bulk.MustParse(c.text)
		if got := st.Arrays(); got != c.arrays {
			t.Errorf("arrays of %s\n got %s\nwant %s", c.text, got, c.arrays)
		}
		if got, columns := st.Single(); got != c.single || !slices.Equal(columns, c.columns) {
			t.Errorf("single of %s\n got %s %v\nwant %s %v", c.text, got, columns, c.single, c.columns)
		}
	}
}

func TestMustParseRefuses(t *testing.T) {
	for _, text := range []string{
		"DELETE FROM t",
		"UPDATE t SET b = each.c FROM each(a bigint, b text) WHERE t.a = each.a",
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", text)
				}
			}()
			bulk.MustParse(text)
		}()
	}
}
