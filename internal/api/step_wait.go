package api

import "github.com/tandem-ipaas/tandem"

// applyWait sets what a step waits for.
func (b *stepBody) applyWait(s *tandem.Step) {
	b.Delay.Apply(&s.Delay)
	if s.Delay != nil {
		s.Delay.Unit = spelled(s.Delay.Unit, tandem.DelayUnits...)
	}
	b.Until.Apply(&s.Until)
	if s.Until != nil {
		s.Until.MappingType = spelled(s.Until.MappingType, mappingTypes...)
	}
}
