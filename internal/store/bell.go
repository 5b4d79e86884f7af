package store

// bell tells who waits for something of this process that it may have come.
type bell chan struct{}

func newBell() bell { return make(bell, 1) }

func (b bell) ring() {
	select {
	case b <- struct{}{}:
	default: // it has rung
	}
}

// IncidentsCame has something when this process may have kept incidents since it had.
// What other nodes keep, it does not tell.
func (s *Store) IncidentsCame() <-chan struct{} { return s.incidentsCame }

// NoticesCame is the same of notices that were queued.
func (s *Store) NoticesCame() <-chan struct{} { return s.noticesCame }
