// Package store may import drivers.
package store

import _ "database/sql"
