package tandem

// CycleDesign is what takes the place of a cycle's design.
type CycleDesign struct {
	Graph Graph
	// Connectors are account connectors by Ref of the graph. One that is not named
	// keeps what it has, or gets what the installation of a template would find.
	Connectors map[string]AccountConnectorID
	Revision   int64 // that was read; 0: whichever it is
}
