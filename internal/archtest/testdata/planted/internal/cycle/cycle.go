// Package cycle leans on another service.
package cycle

import _ "example.com/planted/internal/tenant"
