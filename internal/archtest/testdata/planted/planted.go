// Package planted stands for a project in which each rule of the architecture
// is broken once.
package planted
