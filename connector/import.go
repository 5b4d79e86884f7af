package connector

// ImportReport says what was taken of another description of an API, such as an
// OpenAPI document, and what could not be carried over.
type ImportReport struct {
	Format          string // of the document, such as 3.0.3
	Operations      int    // in the document, webhooks not counted
	Methods         int    // that were made, webhooks too
	Webhooks        int
	Parameters      int // the connector's and its methods'
	RequestFields   int
	ResponseFields  int
	Authentications int
	Categories      int
	Notes           []ImportNote // by place
}

// ImportNote is one thing that could not be carried over as it is.
type ImportNote struct {
	Pointer string // JSON pointer into the document; of several places the first one
	Message string
	Times   int // in how many places
}
