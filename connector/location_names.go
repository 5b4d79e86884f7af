package connector

// Names are the members that l goes down by, outermost first; a list on the
// way has none.
func (l Location) Names() []string {
	var names []string
	for _, s := range l.steps {
		if !s.each {
			names = append(names, s.name)
		}
	}
	return names
}
