package telegram

// waiting says whether a press waits for its answer.
func (ps *pressAnswers) isPending(id string) bool {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	return ps.pending[id] != nil
}

// stored says whether a press that waits is stored.
func (ps *pressAnswers) isCommitted(id string) bool {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	return ps.pending[id] != nil && ps.pending[id].committed
}
