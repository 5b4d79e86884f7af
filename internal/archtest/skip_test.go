package archtest

import (
	"go/ast"
	"slices"
)

const whySkip = "skips go through internal/skip, which fails them where nothing may be skipped"

// checkSkip reports tests that skip themselves. A testing.TB is known by its
// name here, t or the like; a rapid.T, which may skip a draw, has another.
func checkSkip(m *module, p *pkg) (faults []string) {
	if p.path == "internal/skip" {
		return nil
	}
	for _, f := range p.files {
		ast.Inspect(f.ast, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			method, ok := call.Fun.(*ast.SelectorExpr)
			if ok && slices.Contains([]string{"Skip", "Skipf", "SkipNow"}, method.Sel.Name) &&
				slices.Contains([]string{"t", "tb", "b", "f"}, lastName(method.X)) {
				faults = append(faults, m.at(f, n)+": calls "+method.Sel.Name+": "+whySkip)
			}
			return true
		})
	}
	return faults
}

// lastName is t of t, and of p.t.
func lastName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}
