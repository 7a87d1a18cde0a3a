package slack

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"nevermind/bot"
)

// interaction stores what somebody did with a button, a modal or a shortcut; the answer goes along with the acknowledgement.
func (in *intake) interaction(ctx context.Context, raw []byte) (answer any, err error) {
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
	// Whoever closes a form wants nothing more of it.
	case "view_closed":
		return nil, nil
	// There is no such shortcut and no list of ours: Slack is given an empty one.
	case "shortcut":
		in.unknown("shortcut", p.Callback)
		return nil, nil
	case "block_suggestion":
		in.unknown("list", p.Callback)
		return map[string]any{"options": []any{}}, nil
	}
	return nil, unreadable("unknown interaction")
}

// pressed handles the buttons of one interaction, as a rule one.
func (in *intake) pressed(ctx context.Context, p *interaction) error {
	if len(p.Actions) == 0 {
		in.unknown("press", "without an action")
	}
	for i := range p.Actions {
		act := &p.Actions[i]
		if act.Type == "button" && strings.HasPrefix(act.ID, homeActionPrefix) {
			in.homePressed(p.User.ID, act.Value)
			continue
		}
		m, at, ok := in.self.pressMessage(p, act)
		if !act.known() {
			in.unknown("element", act.Type+" "+act.ID)
		}
		if !ok {
			continue
		}
		if err := in.press(ctx, p, act, m, at); err != nil {
			return err
		}
	}
	return nil
}

// press hands a press to the engine, or opens the form that its button has. A form that asks for files is filled in in the
// talk instead, since a modal takes none.
func (in *intake) press(ctx context.Context, p *interaction, act *action, m bot.Message, at place) (err error) {
	if m.Account, err = in.accountOf(ctx, in.session, p.team(), p.User.ID); err != nil {
		return err
	}
	// The place is remembered before the engine decides: its answer may be posted before Receive returns.
	in.places.put(m.ID, at)
	// Asking for the form changes nothing. A press that is late or not theirs has no form, and Receive answers it.
	title, fields, err := in.engine.Form(ctx, m)
	if err != nil {
		return err
	}
	if len(fields) == 0 || slices.ContainsFunc(fields, func(f bot.Field) bool { return f.Kind == bot.Files }) {
		return in.receive(ctx, m)
	}
	f := modalForm{
		state: modalState{Press: m.Press, Channel: at.channel, Thread: at.thread, Label: act.Button.Label},
		title: title, fields: fields, say: in.translatorFor(ctx, in.session, m.Account),
	}
	in.inBackground(func(ctx context.Context) { in.openForm(ctx, p.Trigger, p.User.ID, &f) })
	return nil
}
