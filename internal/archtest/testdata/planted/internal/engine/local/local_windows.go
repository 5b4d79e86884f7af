package local

import _ "example.com/planted/internal/run"
