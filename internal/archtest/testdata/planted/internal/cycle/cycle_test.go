package cycle

import (
	_ "database/sql" // tests may
	_ "testing"
)
