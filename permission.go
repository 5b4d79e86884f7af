package tandem

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Area is a part of the product that a console user may be let into.
type Area int

// The areas. A signed-in console user is always in AnyArea.
const (
	AnyArea Area = iota
	AreaTemplates
	AreaConnectors
	AreaCustomConnectors
	AreaAccounts
	AreaUsers
	AreaMarketplaces
	AreaSettings
	AreaSecurity
	AreaReports
	AreaBilling
	areas
)

var areaNames = [areas]string{
	"", "Templates", "Connectors", "CustomConnectors", "Accounts", "Users", "Marketplaces", "Settings", "Security", "Reports", "Billing",
}

// String is the area's name in the API.
func (a Area) String() string { return areaNames[a] }

// Level is how far a permission goes. Each includes those before it.
type Level int

// The levels: nothing; read; make and change; delete, publish, suspend and
// grant.
const (
	NoLevel Level = iota
	ViewLevel
	EditLevel
	ManageLevel
	levels
)

var levelNames = [levels]string{"None", "View", "Edit", "Manage"}

// String is the level's name in the API.
func (l Level) String() string { return levelNames[l] }

// Permissions are what a console user may do, by area. The zero value is the
// dashboard and reports only.
type Permissions [areas]Level

// Everything is the permissions of Full Access.
func Everything() Permissions {
	var p Permissions
	for a := range p {
		p[a] = ManageLevel
	}
	return p
}

// Allow says whether p reaches level l in area a. Anybody may view reports.
func (p Permissions) Allow(a Area, l Level) bool {
	return a == AnyArea || a == AreaReports && l <= ViewLevel || p[a] >= l
}

// Within says whether p gives nothing that q does not give.
func (p Permissions) Within(q Permissions) bool {
	for a, l := range p {
		if a != int(AnyArea) && l > q[a] {
			return false
		}
	}
	return true
}

// MarshalJSON implements json.Marshaler: {"Accounts": "Edit", …}, without the
// areas that give nothing.
func (p Permissions) MarshalJSON() ([]byte, error) {
	m := map[string]string{}
	for a, l := range p {
		if a != int(AnyArea) && l != NoLevel {
			m[areaNames[a]] = l.String()
		}
	}
	return json.Marshal(m)
}

// UnmarshalJSON implements json.Unmarshaler. Names are matched without regard to
// case; an area that is not named gives nothing.
//
// Errors: Invalid, naming the area.
func (p *Permissions) UnmarshalJSON(b []byte) error {
	var m map[string]string
	if err := json.Unmarshal(b, &m); err != nil {
		return &Error{Code: Invalid, Field: "Permissions", Message: "Permissions: want an object of areas and levels", Err: err}
	}
	var read Permissions
	for area, level := range m {
		a, l := fold(areaNames[1:], area), fold(levelNames[:], level)
		switch {
		case a < 0:
			return Invalidf("Permissions."+area, "Permissions: there is no area %q", area)
		case l < 0:
			return Invalidf("Permissions."+area, "Permissions: %s: want None, View, Edit or Manage", area)
		}
		read[a+1] = Level(l)
	}
	*p = read
	return nil
}

// fold is the place of name in names, without regard to case; -1 if it is not
// there.
func fold(names []string, name string) int {
	for i, n := range names {
		if strings.EqualFold(n, name) {
			return i
		}
	}
	return -1
}

// Need is what an act asks of people. A partner's own programs need nothing.
type Need struct {
	Area  Area // of a console user
	Level Level

	// Also is a second area, of which a console user needs the same level.
	Also Area

	// Everything asks of a console user for all that there is: what they get by
	// the act may do everything.
	Everything bool

	// Administrator asks of an account user to be one.
	Administrator bool

	// Vendor keeps out account users, who are the partner's customers.
	Vendor bool

	// Unrestricted keeps out who may act in one account only: its users, and
	// programs whose token is for it.
	Unrestricted bool

	// Accountless asks for no account to be named: it is about what is the partner's.
	Accountless bool
}

// Check says whether who meets the need.
//
// Errors: Forbidden.
func (n Need) Check(who Principal) error {
	switch {
	case n.Unrestricted && who.Account != 0:
		return &Error{Code: Forbidden, Message: "This is not for who may act in one account only."}
	case who.ConsoleUser != 0 && !who.Permissions.Allow(n.Area, n.Level):
		return &Error{Code: Forbidden, Message: fmt.Sprintf("This needs the permission %s: %s.", n.Area, n.Level)}
	case who.ConsoleUser != 0 && !who.Permissions.Allow(n.Also, n.Level):
		return &Error{Code: Forbidden, Message: fmt.Sprintf("This needs the permission %s: %s.", n.Also, n.Level)}
	case who.ConsoleUser != 0 && n.Everything && !Everything().Within(who.Permissions):
		return &Error{Code: Forbidden, Message: "Only who may do everything may do this."}
	case who.User != 0 && n.Vendor:
		return &Error{Code: Forbidden, Message: "This is for the partner alone."}
	case who.User != 0 && n.Administrator && !who.Administrator:
		return &Error{Code: Forbidden, Message: "Only an administrator of the account may do this."}
	}
	return nil
}
