// Package local has its fault in a file for another system.
package local
