package telegram

// waiting says whether a press waits for its answer.
func (ps *presses) waiting(id string) bool {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	return ps.byID[id] != nil
}

// stored says whether a press that waits is stored.
func (ps *presses) stored(id string) bool {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	return ps.byID[id] != nil && ps.byID[id].stored
}
