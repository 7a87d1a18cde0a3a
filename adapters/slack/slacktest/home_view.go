package slacktest

// OpenHome lets somebody open our home tab.
func (s *Slack) OpenHome(user string) Answer {
	s.t.Helper()
	channel := s.Direct(user)
	s.mu.Lock()
	e := map[string]any{"type": "app_home_opened", "user": user, "channel": channel, "tab": "home", "event_ts": s.ts()}
	p := s.event(e)
	s.mu.Unlock()
	s.checkInbound("AppHomeOpenedEvent", e)
	return s.deliver(p)
}

// Home is what stands in somebody's home tab, as a message; nil where nothing does. Edits counts how often it was shown.
func (s *Slack) Home(user string) *Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	if m := s.homes[user]; m != nil {
		copied := *m
		return &copied
	}
	return nil
}

// publishHome is views.publish.
func publishHome(s *Slack, args map[string]any) (map[string]any, string, func()) {
	user := str(args["user_id"])
	if _, ok := s.people[user]; !ok {
		return nil, "user_not_found", nil
	}
	m := s.homes[user]
	if m == nil {
		m = &Message{TS: s.id("VH")}
		s.homes[user] = m
	}
	view, _ := args["view"].(map[string]any)
	blocks, _ := view["blocks"].([]any)
	m.Blocks, m.Edits = s.withBlockIDs(blocks), m.Edits+1
	return map[string]any{"view": map[string]any{"id": m.TS, "type": "home", "hash": s.id("h")}}, "", nil
}
