// Package wide has an interface that is too wide, by way of another.
package wide

type narrow interface {
	a()
	b()
	c()
	d()
	e()
	f()
	g()
	h()
}

// Wide has one method too many.
type Wide interface {
	narrow
	i()
}
