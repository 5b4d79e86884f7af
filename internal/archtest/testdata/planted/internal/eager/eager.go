// Package eager runs before it is asked.
package eager

func init() {}

type method struct{}

func (method) init() {}
