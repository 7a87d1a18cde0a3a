package slack

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"nevermind/bot"
)

// pressID begins the action id of every button of ours.
const pressActionPrefix = "press/"

// press is where somebody pressed, so that a passing word can be said there.
type place struct{ channel, user, thread string }

// interaction takes a press or a sent form in.
func (in *intake) interaction(ctx context.Context, raw []byte) (any, error) {
	var p interaction
	if err := json.Unmarshal(raw, &p); err != nil || p.User.ID == "" {
		return nil, unreadable("not an interaction")
	}
	if err := in.checkAddressee(p.AppID, p.Team.ID); err != nil {
		if p.AppID != in.self.app || p.User.TeamID == "" || p.User.TeamID == in.self.team {
			return nil, err
		} // else: somebody of another team, in a channel that is shared with theirs
		p.Team.ID = p.User.TeamID
	}
	switch p.Type {
	case "block_actions":
		return nil, in.pressed(ctx, &p)
	case "view_submission":
		return in.viewSubmitted(ctx, &p)
	case "message_action":
		return nil, in.evidenceShortcut(ctx, &p)
	case "view_closed", "shortcut", "block_suggestion":
		return nil, nil
	}
	return nil, unreadable("unknown interaction")
}

// team is whose member acts.
func (p *interaction) team() string {
	if p.User.TeamID != "" {
		return p.User.TeamID
	}
	return p.Team.ID
}

// pressed hands a press to the house, or opens the form that its button has.
func (in *intake) pressed(ctx context.Context, p *interaction) error {
	channel, ts, thread := p.Container.Channel, p.Container.TS, p.Container.Thread
	if channel == "" {
		channel = p.Channel.ID
	}
	if ts == "" {
		ts = p.Message.TS
	}
	if thread == "" {
		thread = p.Message.Thread
	}
	for _, act := range p.Actions {
		if act.Type == "button" && strings.HasPrefix(act.ID, homeActionPrefix) {
			in.homePressed(p.User.ID, act.Value)
			continue
		}
		if act.Type != "button" || act.Value == "" || channel == "" || !strings.HasPrefix(act.ID, pressActionPrefix) {
			continue
		}
		who, err := in.accountOf(ctx, in.engine, in.self, p.team(), p.User.ID)
		if err != nil {
			return err
		}
		m := bot.Message{ID: in.messageID(strings.Join([]string{ts, p.User.ID, act.ID, act.TS}, ":")), Room: room(channel), Account: who, Press: act.Value}
		in.rememberPlace(m.ID, place{channel: channel, user: p.User.ID, thread: thread})
		title, fields, err := in.engine.Form(ctx, m)
		if err != nil {
			return err
		}
		if len(fields) == 0 || slices.ContainsFunc(fields, func(f bot.Field) bool { return f.Kind == bot.Files }) { // files are sent in the talk
			if err := in.receive(ctx, m); err != nil {
				return err
			}
			continue
		}
		f := modalForm{state: modalState{Press: act.Value, Channel: channel, Thread: thread, Label: act.Button.Label}, title: title, fields: fields, say: in.translatorFor(ctx, in.engine, who)}
		in.inBackground(func(ctx context.Context) { in.openForm(ctx, p.Trigger, p.User.ID, &f) })
	}
	return nil
}

// mostShown is how many presses are remembered for the passing word they may be answered with.
const mostShown = 4096

func (a *Adapter) rememberPlace(id string, p place) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if _, ok := a.places[id]; !ok {
		a.order = append(a.order, id)
	}
	a.places[id] = p
	for len(a.order) > mostShown {
		delete(a.places, a.order[0])
		a.order = a.order[1:]
	}
}

func (a *Adapter) placeOf(id string) (place, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	p, ok := a.places[id]
	return p, ok
}
