// Package run is for others to import.
package run
