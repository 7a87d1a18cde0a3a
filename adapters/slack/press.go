package slack

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"nevermind/bot"
)

// pressID begins the action id of every button of ours.
const pressID = "press/"

// press is where somebody pressed, so that a passing word can be said there.
type press struct{ channel, user, thread string }

// interaction takes a press or a sent form in.
func (in *intake) interaction(ctx context.Context, raw []byte) (any, error) {
	var p interaction
	if err := json.Unmarshal(raw, &p); err != nil || p.User.ID == "" {
		return nil, strange("not an interaction")
	}
	if err := in.ours(p.AppID, p.Team.ID); err != nil {
		if p.AppID != in.us.app || p.User.TeamID == "" || p.User.TeamID == in.us.team {
			return nil, err
		} // else: somebody of another team, in a channel that is shared with theirs
		p.Team.ID = p.User.TeamID
	}
	switch p.Type {
	case "block_actions":
		return nil, in.pressed(ctx, &p)
	case "view_submission":
		return in.submitted(ctx, &p)
	case "message_action":
		return nil, in.shortcut(ctx, &p)
	case "view_closed", "shortcut", "block_suggestion":
		return nil, nil
	}
	return nil, strange("unknown interaction")
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
		if act.Type == "button" && strings.HasPrefix(act.ID, homeID) {
			in.homePressed(p.User.ID, act.Value)
			continue
		}
		if act.Type != "button" || act.Value == "" || channel == "" || !strings.HasPrefix(act.ID, pressID) {
			continue
		}
		who, err := in.speaker(ctx, in.house, in.us, p.team(), p.User.ID)
		if err != nil {
			return err
		}
		m := bot.Message{ID: in.id(strings.Join([]string{ts, p.User.ID, act.ID, act.TS}, ":")), Room: room(channel), Account: who, Press: act.Value}
		in.remember(m.ID, press{channel: channel, user: p.User.ID, thread: thread})
		title, fields, err := in.house.Form(ctx, m)
		if err != nil {
			return err
		}
		if len(fields) == 0 || slices.ContainsFunc(fields, func(f bot.Field) bool { return f.Kind == bot.Files }) { // files are sent in the talk
			if err := in.receive(ctx, m); err != nil {
				return err
			}
			continue
		}
		f := sheet{note: note{Press: act.Value, Channel: channel, Thread: thread, Label: act.Button.Label}, title: title, fields: fields, say: in.tongueOf(ctx, in.house, who)}
		in.later(func(ctx context.Context) { in.open(ctx, p.Trigger, p.User.ID, &f) })
	}
	return nil
}

// mostShown is how many presses are remembered for the passing word they may be answered with.
const mostShown = 4096

func (a *Adapter) remember(id string, p press) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if _, ok := a.shown[id]; !ok {
		a.order = append(a.order, id)
	}
	a.shown[id] = p
	for len(a.order) > mostShown {
		delete(a.shown, a.order[0])
		a.order = a.order[1:]
	}
}

func (a *Adapter) remembered(id string) (press, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	p, ok := a.shown[id]
	return p, ok
}
