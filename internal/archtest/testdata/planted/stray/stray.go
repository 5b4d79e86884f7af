// Package stray is where no package should be.
package stray
