package slacktest

import (
	"fmt"
	"slices"
	"strings"
)

// View is a modal as it stands before somebody.
type View struct {
	ID, Hash, User string
	Title          string
	Errors         map[string]string // by field
	shape          map[string]any
	filled         map[string]any // block id to value
	s              *Slack
}

// openView is views.open: once for each trigger, before it expires.
func openView(s *Slack, args map[string]any) (map[string]any, string, func()) {
	t := s.triggers[str(args["trigger_id"])]
	switch {
	case t == nil:
		return nil, "invalid_trigger_id", nil
	case t.used:
		return nil, "exchanged_trigger_id", nil
	case s.now().After(t.until):
		return nil, "expired_trigger_id", nil
	}
	t.used = true
	v := &View{ID: s.id("V"), User: t.user, s: s}
	shape, _ := args["view"].(map[string]any)
	v.update(shape)
	s.views[t.user] = v
	return map[string]any{"view": map[string]any{"id": v.ID, "hash": v.Hash}}, "", nil
}

// update shows another shape; what was filled in stays where the block and its answer are the same. s.mu is held.
func (v *View) update(shape map[string]any) {
	kept := v.filled
	v.shape, v.Hash, v.filled, v.Errors = shape, v.s.id("h"), map[string]any{}, nil
	title, _ := shape["title"].(map[string]any)
	v.Title = str(title["text"])
	for _, f := range v.inputs() {
		if was, ok := kept[f.block]; ok {
			v.filled[f.block] = was
		} else if f.given != "" {
			v.filled[f.block] = f.given
		}
	}
}

// field is an input block of a view.
type field struct {
	block, label, action, kind, given string
	optional                          bool
	options                           map[string]string // label to value
	most                              int
}

// inputs are the fields of a view.
func (v *View) inputs() []field {
	var all []field
	blocks, _ := v.shape["blocks"].([]any)
	for _, b := range blocks {
		block, _ := b.(map[string]any)
		if block["type"] != "input" {
			continue
		}
		label, _ := block["label"].(map[string]any)
		e, _ := block["element"].(map[string]any)
		most, _ := e["max_length"].(float64)
		f := field{block: str(block["block_id"]), label: str(label["text"]), action: str(e["action_id"]), kind: str(e["type"]),
			given: str(e["initial_value"]), options: map[string]string{}, most: int(most)}
		f.optional, _ = block["optional"].(bool)
		options, _ := e["options"].([]any)
		for _, o := range options {
			option, _ := o.(map[string]any)
			text, _ := option["text"].(map[string]any)
			f.options[str(text["text"])] = str(option["value"])
		}
		if initial, ok := e["initial_option"].(map[string]any); ok {
			f.given = str(initial["value"])
		}
		all = append(all, f)
	}
	return all
}

// View is the modal that stands before somebody; nil where there is none.
func (s *Slack) View(user string) *View {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.views[user]
}

// AwaitView waits for a modal.
func (s *Slack) AwaitView(user string) *View {
	s.t.Helper()
	s.Until(user+" sees a form", func() bool { return s.View(user) != nil })
	return s.View(user)
}

// Shown is what a person reads in the modal besides its fields.
func (v *View) Shown() string {
	blocks, _ := v.shape["blocks"].([]any)
	return shown(blocks)
}

// Submit is what stands on the button that sends the modal.
func (v *View) Submit() string {
	text, _ := v.shape["submit"].(map[string]any)
	return str(text["text"])
}

// Labels are the labels of the fields.
func (v *View) Labels() []string {
	var all []string
	for _, f := range v.inputs() {
		all = append(all, f.label)
	}
	return all
}

// Private is what the modal carries along unseen.
func (v *View) Private() string { return str(v.shape["private_metadata"]) }

// Fill answers the field whose label begins so: by typing, or by choosing the option with that label.
func (v *View) Fill(label, value string) *View {
	v.s.t.Helper()
	for _, f := range v.inputs() {
		if !strings.HasPrefix(f.label, label) {
			continue
		}
		if len(f.options) > 0 {
			chosen, ok := f.options[value]
			if !ok {
				v.s.t.Fatalf("%q has no option %q, only %v", f.label, value, f.options)
			}
			value = chosen
		}
		v.filled[f.block] = value
		return v
	}
	v.s.t.Fatalf("the form %q has no field %q, only %v", v.Title, label, v.Labels())
	return v
}

// Send sends the modal, and shows what comes back: errors, another shape, or nothing.
func (v *View) Send() Answer {
	v.s.t.Helper()
	p := v.Sending()
	a := v.s.deliver(&delivery{kind: "interactive", payload: p})
	v.s.mu.Lock()
	defer v.s.mu.Unlock()
	if !a.Acked {
		return a
	}
	switch a.Body["response_action"] {
	case "errors":
		v.Errors = map[string]string{}
		errs, _ := a.Body["errors"].(map[string]any)
		for block, why := range errs {
			v.Errors[block] = str(why)
			if !slices.ContainsFunc(v.inputs(), func(f field) bool { return f.block == block }) {
				v.s.t.Errorf("slacktest: an error is told at %q, which is no field", block)
			}
		}
	case "update":
		shape, _ := a.Body["view"].(map[string]any)
		v.s.mu.Unlock()
		v.s.checkCall("views.update", map[string]any{"view": shape, "view_id": v.ID})
		v.s.mu.Lock()
		v.update(shape)
	case nil, "clear":
		delete(v.s.views, v.User)
	default:
		v.s.t.Errorf("slacktest: the answer %v is not known", a.Body)
	}
	v.s.notify()
	return a
}

// Sending is what sending the modal delivers.
func (v *View) Sending() map[string]any {
	v.s.t.Helper()
	values := map[string]any{}
	for _, f := range v.inputs() {
		given := str(v.filled[f.block])
		if given == "" && !f.optional {
			v.s.t.Fatalf("Slack does not send a form without %q", f.label)
		}
		if f.most > 0 && len([]rune(given)) > f.most {
			v.s.t.Fatalf("Slack lets nobody type %d characters in %q", len([]rune(given)), f.label)
		}
		one := map[string]any{"type": f.kind}
		switch {
		case f.kind != "plain_text_input" && given == "":
			one["selected_option"] = nil
		case f.kind != "plain_text_input":
			one["selected_option"] = map[string]any{"value": given,
				"text": map[string]any{"type": "plain_text", "text": given, "emoji": true}}
		case given == "":
			one["value"] = nil
		default:
			one["value"] = given
		}
		values[f.block] = map[string]any{f.action: one}
	}
	v.s.mu.Lock()
	p := v.s.people[v.User]
	view := map[string]any{"id": v.ID, "team_id": Team, "app_id": App, "bot_id": Bot, "hash": v.Hash,
		"state":        map[string]any{"values": values},
		"root_view_id": v.ID, "previous_view_id": nil, "app_installed_team_id": Team, "external_id": "", "callback_id": "",
		"private_metadata": "", "clear_on_close": false, "notify_on_close": false}
	for name, x := range v.shape {
		view[name] = x
	}
	payload := map[string]any{"type": "view_submission", "team": map[string]any{"id": Team, "domain": "never"},
		"user":       p.object(),
		"api_app_id": App, "token": "t", "trigger_id": v.s.newTrigger(v.User), "view": view, "response_urls": []any{}}
	v.s.mu.Unlock()
	v.s.checkInbound("ViewSubmitAction", payload)
	return payload
}

// String is the modal as a person sees it.
func (v *View) String() string {
	out := fmt.Sprintf("[[ %s ]]\n%s\n", v.Title, v.Shown())
	for _, f := range v.inputs() {
		out += fmt.Sprintf("  %s: %v\n", f.label, v.filled[f.block])
	}
	return out + "  [" + v.Submit() + "]\n"
}
