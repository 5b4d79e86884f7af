package connector

import (
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"
)

var guidPattern = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)

// fillGUIDs writes GUIDs in lower case, and gives one to each method that has
// none, if the connector has one itself.
func (c *Connector) fillGUIDs() {
	c.UniqueIdentifier = strings.ToLower(c.UniqueIdentifier)
	for i := range c.Methods {
		m := &c.Methods[i]
		m.MethodUniqueIdentifier = strings.ToLower(m.MethodUniqueIdentifier)
		if m.MethodUniqueIdentifier == "" && m.Name != "" && guidPattern.MatchString(c.UniqueIdentifier) {
			m.MethodUniqueIdentifier = NameGUID(c.UniqueIdentifier, m.Name)
		}
	}
}

// NameGUID makes a version 5 GUID (RFC 9562) of a name within a namespace, which
// is a GUID: the same each time.
func NameGUID(namespace, name string) string {
	space, err := hex.DecodeString(strings.ReplaceAll(namespace, "-", ""))
	if err != nil {
		panic("connector: namespace is not a GUID: " + namespace)
	}
	u := sha1.Sum(append(space, name...))
	u[6] = u[6]&0x0f | 0x50
	u[8] = u[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", u[0:4], u[4:6], u[6:8], u[8:10], u[10:16])
}
