package workflow

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/merge"
)

// rule is a compiled comparison.
type rule struct {
	left, right source
	compare     func(left, right any) (bool, error)
}

// unary are the conditions without a right operand.
var unary = map[tandem.Condition]bool{tandem.IsEmpty: true, tandem.IsNotEmpty: true, tandem.Exists: true}

// Decide evaluates a decision: true when all rules of any group hold.
//
// Errors: *MapError, naming the operand.
func (n *Node) Decide(d *Data) (bool, error) {
	for _, group := range n.decision {
		all := true
		for i := range group {
			ok, err := group[i].holds(d)
			if err != nil {
				return false, err
			}
			if !ok {
				all = false
				break
			}
		}
		if all {
			return true, nil
		}
	}
	return false, nil
}

func (r *rule) holds(d *Data) (bool, error) {
	left, err := r.left(d)
	if err != nil {
		return false, &MapError{Target: "left operand", Err: err}
	}
	var right any
	if r.right != nil {
		if right, err = r.right(d); err != nil {
			return false, &MapError{Target: "right operand", Err: err}
		}
	}
	return r.compare(left, right)
}

// decision compiles a step's criteria.
func (d *design) decision(s *tandem.Step, before map[tandem.StepID]bool) ([][]rule, error) {
	if s.Decision == nil || len(s.Decision.Groups) == 0 {
		return nil, tandem.Invalidf("Decision", "Step %q has no criteria.", s.Name)
	}
	groups := make([][]rule, len(s.Decision.Groups))
	for i, rules := range s.Decision.Groups {
		if len(rules) == 0 {
			return nil, tandem.Invalidf("Decision", "Step %q has a group without criteria.", s.Name)
		}
		for _, r := range rules {
			compiled, err := d.rule(r, before)
			if err != nil {
				return nil, tandem.Invalidf("Decision", "Step %q: %v", s.Name, err)
			}
			groups[i] = append(groups[i], compiled)
		}
	}
	return groups, nil
}

func (d *design) rule(r tandem.Rule, before map[tandem.StepID]bool) (rule, error) {
	left, err := d.operand(r.Left, before)
	if err != nil {
		return rule{}, fmt.Errorf("left operand: %w", err)
	}
	out := rule{left: left, compare: comparisons[r.Condition]}
	if out.compare == nil {
		return rule{}, fmt.Errorf("there is no condition %q", r.Condition)
	}
	if unary[r.Condition] {
		return out, nil
	}
	if out.right, err = d.operand(r.Right, before); err != nil {
		return rule{}, fmt.Errorf("right operand: %w", err)
	}
	if r.Condition == tandem.Before || r.Condition == tandem.After {
		return out, d.dateOperands(&out, r)
	}
	if text := r.Right.Value; r.Condition == tandem.Matches && r.Right.MappingType == tandem.MapStatic && static(text) {
		pattern, err := regexp.Compile(strings.TrimPrefix(text, "="))
		if err != nil {
			return rule{}, fmt.Errorf("right operand: %w", err)
		}
		out.compare = func(left, _ any) (bool, error) { return pattern.MatchString(merge.Text(left)), nil }
	}
	return out, nil
}

// static says that a text is the same whatever the data: without merge fields, and
// no inline script. One = before it stands for that it is none.
func static(text string) bool {
	t, err := merge.Parse(text)
	return err == nil && t.Static() && (!strings.HasPrefix(text, "=") || strings.HasPrefix(text, "=="))
}

// operand is a source that must be there.
func (d *design) operand(m tandem.Mapping, before map[tandem.StepID]bool) (source, error) {
	src, err := d.source(m, before)
	if err == nil && src == nil {
		err = errNoSource
	}
	return src, err
}

// comparisons is the table of conditions.
var comparisons = map[tandem.Condition]func(left, right any) (bool, error){
	tandem.Equals:             func(l, r any) (bool, error) { return order(l, r) == 0, nil },
	tandem.NotEquals:          func(l, r any) (bool, error) { return order(l, r) != 0, nil },
	tandem.GreaterThan:        func(l, r any) (bool, error) { return l != nil && order(l, r) > 0, nil },
	tandem.LessThan:           func(l, r any) (bool, error) { return l != nil && order(l, r) < 0, nil },
	tandem.GreaterThanOrEqual: func(l, r any) (bool, error) { return l != nil && order(l, r) >= 0, nil },
	tandem.LessThanOrEqual:    func(l, r any) (bool, error) { return l != nil && order(l, r) <= 0, nil },
	tandem.Contains:           func(l, r any) (bool, error) { return contains(l, r), nil },
	tandem.NotContains:        func(l, r any) (bool, error) { return !contains(l, r), nil },
	tandem.StartsWith:         func(l, r any) (bool, error) { return strings.HasPrefix(fold(l), fold(r)), nil },
	tandem.EndsWith:           func(l, r any) (bool, error) { return strings.HasSuffix(fold(l), fold(r)), nil },
	tandem.IsEmpty:            func(l, _ any) (bool, error) { return isEmpty(l), nil },
	tandem.IsNotEmpty:         func(l, _ any) (bool, error) { return !isEmpty(l), nil },
	tandem.Exists:             func(l, _ any) (bool, error) { return l != nil, nil },
	tandem.IsOneOf:            isOneOf,
	tandem.Matches:            matches,
	tandem.Before:             dated(func(c int) bool { return c < 0 }),
	tandem.After:              dated(func(c int) bool { return c > 0 }),
}

// order compares numbers as numbers, dates that are not numbers as dates, and
// all else as text without regard to case.
func order(l, r any) int {
	if ln, ok := merge.Number(l); ok {
		if rn, ok := merge.Number(r); ok {
			return ln.Cmp(rn)
		}
	}
	ls, rs := fold(l), fold(r)
	if ls == rs {
		return 0
	}
	if lt, ok := merge.Date(l); ok {
		if rt, ok := merge.Date(r); ok {
			return lt.Compare(rt)
		}
	}
	return strings.Compare(ls, rs)
}

func fold(v any) string { return strings.ToLower(merge.Text(v)) }

// contains looks for an item of a list, or for part of a text.
func contains(l, r any) bool {
	if list, ok := l.([]any); ok {
		for _, item := range list {
			if order(item, r) == 0 {
				return true
			}
		}
		return false
	}
	return strings.Contains(fold(l), fold(r))
}

func isEmpty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return strings.TrimSpace(v) == ""
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	case json.Number, bool:
		return false
	}
	return false
}

func isOneOf(l, r any) (bool, error) {
	list, ok := r.([]any)
	if !ok {
		for _, s := range strings.Split(merge.Text(r), ",") {
			list = append(list, strings.TrimSpace(s))
		}
	}
	return contains(list, l), nil
}

func matches(l, r any) (bool, error) {
	pattern, err := regexp.Compile(merge.Text(r))
	if err != nil {
		return false, &MapError{Target: "right operand", Err: errors.New("it is not a regular expression")}
	}
	return pattern.MatchString(merge.Text(l)), nil
}

// dated compares dates; an empty one is neither before nor after.
func dated(holds func(int) bool) func(l, r any) (bool, error) {
	return func(l, r any) (bool, error) {
		if isEmpty(l) || isEmpty(r) {
			return false, nil
		}
		lt, ok := merge.Date(l)
		if !ok {
			return false, &MapError{Target: "left operand", Err: fmt.Errorf("%w: %s", ErrDateTime, quote(l))}
		}
		rt, ok := merge.Date(r)
		if !ok {
			return false, &MapError{Target: "right operand", Err: fmt.Errorf("%w: %s", ErrDateTime, quote(r))}
		}
		return holds(lt.Compare(rt)), nil
	}
}
