package marketplace_test

import (
	"os"
	"testing"

	"github.com/tandem-ipaas/tandem/internal/pgtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }
