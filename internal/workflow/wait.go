package workflow

import (
	"errors"
	"fmt"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/merge"
)

// untilTarget names what a WaitUntil step waits for.
const untilTarget = "Until"

// wait compiles what a step waits for that waits.
func (d *design) wait(n *Node, s *tandem.Step, before map[tandem.StepID]bool) error {
	switch s.ActionType {
	case tandem.DelayStep:
		if s.Delay != nil {
			n.Delay = s.Delay.Duration()
		}
		if n.Delay == 0 {
			return tandem.Invalidf("Delay", "Step %q has no delay.", s.Name)
		}
	case tandem.WaitUntilStep:
		src, err := d.until(s, before)
		if err != nil {
			return mapFailure(s, untilTarget, err)
		}
		n.until = src
	default: // WaitAll waits for others
	}
	return nil
}

// until is the source of the date-time that a step waits for: a time.Time, or
// something that is none.
func (d *design) until(s *tandem.Step, before map[tandem.StepID]bool) (source, error) {
	if s.Until == nil || nothing(*s.Until) {
		return nil, errNoSource
	}
	src, err := d.source(*s.Until, before)
	if err != nil {
		return nil, err
	}
	if src == nil {
		return nil, errNoSource
	}
	format, err := d.dateFormat(*s.Until)
	if err != nil {
		return nil, err
	}
	if text := s.Until.Value; s.Until.MappingType == tandem.MapStatic && static(text) {
		if _, ok := readDate(text, format); !ok {
			return nil, fmt.Errorf("%w: %s", ErrDateTime, quote(text))
		}
	}
	return dateSource(src, format), nil
}

// Until gives the date-time that a WaitUntil step waits for.
//
// Errors: *MapError; ErrRequired and ErrDateTime within it.
func (n *Node) Until(d *Data) (time.Time, error) {
	v, err := n.until(d)
	if err == nil && isEmpty(v) {
		err = ErrRequired
	}
	at, ok := merge.Date(v)
	if err == nil && !ok {
		err = fmt.Errorf("%w: %s", ErrDateTime, quote(v))
	}
	if err != nil {
		return time.Time{}, &MapError{Target: untilTarget, Err: err}
	}
	return at, nil
}

// delay checks a Delay step.
func (c *checker) delay(s *tandem.Step) {
	switch {
	case s.Delay == nil:
		c.own(s, tandem.ReasonMissingDelay, "it has no delay yet.")
	case (tandem.Delay{Interval: 1, Unit: s.Delay.Unit}).Duration() == 0:
		c.own(s, tandem.ReasonDelayUnit, "its delay has no unit: want one of %v.", tandem.DelayUnits)
	case s.Delay.Duration() == 0:
		c.own(s, tandem.ReasonDelayInterval, "its delay must be at least 1, and not longer than 52 weeks.")
	}
}

// until checks a WaitUntil step.
func (c *checker) until(s *tandem.Step, before map[tandem.StepID]bool) {
	_, err := c.design.until(s, before)
	switch {
	case errors.Is(err, errNoSource):
		c.own(s, tandem.ReasonMissingUntil, "it has no date to wait for yet.")
	case err != nil:
		c.own(s, tandem.ReasonUntil, "the date that it waits for: %v.", err)
	}
}
