package cycle

import (
	_ "database/sql" // tests may
	"testing"
)

func TestLazy(t *testing.T) {
	t.Skip("not today")
}
