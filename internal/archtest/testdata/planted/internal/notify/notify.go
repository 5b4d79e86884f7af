// Package notify logs on its own.
package notify

import _ "log"
