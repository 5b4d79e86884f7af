package connector

// CloneDocument copies the objects and lists of a document of the kind that a
// [Location] finds values in, so that a change of the one is none of the other.
func CloneDocument(doc any) any {
	switch doc := doc.(type) {
	case map[string]any:
		c := make(map[string]any, len(doc))
		for name, v := range doc {
			c[name] = CloneDocument(v)
		}
		return c
	case []any:
		c := make([]any, len(doc))
		for i, v := range doc {
			c[i] = CloneDocument(v)
		}
		return c
	}
	return doc
}
