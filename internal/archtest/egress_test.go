package archtest

import (
	"go/ast"
	"slices"
	"strings"
)

const whyEgress = "every byte that leaves goes through internal/egress"

// dialers are the names of the standard library by which a package would
// connect on its own.
var dialers = []string{
	"http.Client", "http.DefaultClient", "http.DefaultTransport", "http.Transport",
	"http.Get", "http.Head", "http.Post", "http.PostForm",
	"net.Dial", "net.DialTimeout", "net.Dialer", "tls.Dial", "tls.DialWithDialer", "smtp.Dial", "smtp.SendMail",
}

// ownWays may connect: the guard itself, and those whose server is the operator's and
// may be a private one: mail, and the database.
var ownWays = []string{"internal/egress", "internal/notify", "internal/store/postgres"}

// checkEgress reports services, engines and leaves that make a client of their
// own, which nothing would keep from a customer's private addresses. A variable
// of such a type is fine: whoever wires a package hands it a guarded one.
func checkEgress(m *module, p *pkg) (faults []string) {
	l, _ := layerOf(p.path)
	if !strings.HasPrefix(p.path, "internal/") || slices.Contains(ownWays, p.path) ||
		slices.Contains([]string{"app", "command", "testkit"}, l.name) {
		return nil
	}
	for _, f := range p.files {
		if f.test {
			continue
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			if star, ok := n.(*ast.StarExpr); ok { // *http.Client: one made elsewhere
				_, selector := star.X.(*ast.SelectorExpr)
				return !selector
			}
			if name := qualified(n); slices.Contains(dialers, name) {
				faults = append(faults, m.at(f, n)+": uses "+name+": "+whyEgress)
			}
			return true
		})
	}
	return faults
}

// qualified is the text of a package's name and one of its own; "" if n is not
// such a pair.
func qualified(n ast.Node) string {
	if s, ok := n.(*ast.SelectorExpr); ok {
		if x, ok := s.X.(*ast.Ident); ok {
			return x.Name + "." + s.Sel.Name
		}
	}
	return ""
}
