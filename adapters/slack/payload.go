package slack

import (
	"bytes"
	"cmp"
	"encoding/json"
	"strings"
)

// What Slack sends, as far as it is read here. The library's own types refuse a whole payload over one field that they do not
// expect; these read only the fields that are used, so that a change of Slack's elsewhere costs nothing.

// eventEnvelope is what every event comes in.
type eventEnvelope struct {
	Type           string          `json:"type"`       // event_callback, url_verification or app_rate_limited
	Challenge      string          `json:"challenge"`  // of url_verification: to be answered as it is
	TeamID         string          `json:"team_id"`    // where it came about; in a shared channel perhaps another team
	AppID          string          `json:"api_app_id"` // whom it is for
	EventID        string          `json:"event_id"`   // the same at every delivery
	Event          json.RawMessage `json:"event"`      // read apart, so that an unknown event does not hide its envelope
	Authorizations []struct {      // the installations to which it is delivered; one is enough
		TeamID string `json:"team_id"`
	} `json:"authorizations"`
}

// team is the team for whose installation the event is: ours where that is among them. In a shared channel the event may have
// come about in another team.
func (o *eventEnvelope) team(ours string) string {
	for _, auth := range o.Authorizations {
		if auth.TeamID == ours {
			return ours
		}
	}
	return o.TeamID
}

// event is the event itself, or the message within one that tells of an edit or a deletion.
type event struct {
	Type        string     `json:"type"`         // "message" and a few more, see dispatch
	Subtype     string     `json:"subtype"`      // of a message: empty for a plain one
	Channel     idOrObject `json:"channel"`      // where it happened
	ChannelType string     `json:"channel_type"` // im for direct messages; not always given
	Tab         string     `json:"tab"`          // of app_home_opened: home or messages
	User        idOrObject `json:"user"`         // who did it, or has written the message
	Bot         string     `json:"bot_id"`       // set where a bot has written the message, we among them
	Team        string     `json:"team"`         // one of three places for the author's team, see team
	UserTeam    string     `json:"user_team"`
	SourceTeam  string     `json:"source_team"`
	Text        string     `json:"text"`             // with Slack's markup
	TS          string     `json:"ts"`               // the message's id within its channel, and when it was posted
	Thread      string     `json:"thread_ts"`        // the ts of the first message of its thread
	Parent      string     `json:"parent_user_id"`   // who has written that first message
	Message     *event     `json:"message"`          // of message_changed: as it is now
	Previous    *event     `json:"previous_message"` // of message_changed and message_deleted: as it was
	Files       []file     `json:"files"`
	// Metadata is what we have added to a message of our own, see withTaskID. Other apps add what they like to theirs.
	Metadata struct {
		Payload map[string]any `json:"event_payload"`
	} `json:"metadata"`
}

// file is a file that came with a message. From another team, by Slack Connect, it comes by reference: its id alone, with
// Access "check_file_info"; files.info says the rest.
type file struct {
	ID       string `json:"id"`
	Mode     string `json:"mode"`                 // hosted, snippet, post, external, tombstone, hidden_by_limit and more
	Access   string `json:"file_access"`          // visible where it is empty; check_file_info, access_denied, file_not_found
	External bool   `json:"is_external"`          // a link to a file that Slack does not have
	Name     string `json:"name"`                 // as whoever has sent it calls it
	Size     int64  `json:"size"`                 // in bytes
	URL      string `json:"url_private_download"` // to be fetched with the bot token
	View     string `json:"url_private"`          // the same, shown in a browser; some files have only this
}

// taskID is the id of the task by which we have posted a message; empty where there is none.
func (e *event) taskID() string {
	id, _ := e.Metadata.Payload[metadataTaskID].(string)
	return id
}

// team is the team whose member the author of a message is; empty where Slack does not say.
func (e *event) team() string {
	for _, t := range []string{e.UserTeam, e.SourceTeam, e.Team} {
		if t != "" {
			return t
		}
	}
	return ""
}

// idOrObject is an id that some payloads give alone and others as an object.
type idOrObject string

// UnmarshalJSON reads a string, or an object with an id.
func (n *idOrObject) UnmarshalJSON(raw []byte) error {
	if bytes.HasPrefix(raw, []byte("{")) {
		var o struct {
			ID string `json:"id"`
		}
		err := json.Unmarshal(raw, &o)
		*n = idOrObject(o.ID)
		return err
	}
	var s string
	err := json.Unmarshal(raw, &s)
	*n = idOrObject(s)
	return err
}

// interaction is a press of buttons, a modal that was sent, or a shortcut.
type interaction struct {
	Type    string `json:"type"`       // block_actions, view_submission or message_action
	AppID   string `json:"api_app_id"` // whom it is for
	Trigger string `json:"trigger_id"` // opens one modal within triggerTimeout
	Team    struct {
		ID string `json:"id"`
	} `json:"team"`
	User struct {
		ID     string `json:"id"`
		TeamID string `json:"team_id"`
	} `json:"user"`
	// Container is where the pressed message stands; what it lacks, Channel and Message say.
	Container struct {
		Type    string `json:"type"`
		TS      string `json:"message_ts"`
		Channel string `json:"channel_id"`
		Thread  string `json:"thread_ts"`
	} `json:"container"`
	Channel struct {
		ID string `json:"id"`
	} `json:"channel"`
	Message  sourceMessage `json:"message"`     // of block_actions and message_action
	Callback string        `json:"callback_id"` // of a shortcut
	ActionTS string        `json:"action_ts"`   // of a shortcut: tells two uses apart
	Actions  []action      `json:"actions"`     // of block_actions
	// View is the modal that was sent, of view_submission.
	View struct {
		ID       string `json:"id"`
		Hash     string `json:"hash"`             // changes with every update of the modal
		Callback string `json:"callback_id"`      // formCallback or caseCallback
		Private  string `json:"private_metadata"` // modalState
		State    struct {
			Values viewAnswers `json:"values"`
		} `json:"state"`
	} `json:"view"`
}

// nobodysToken is the token of a press that carries none: no choice has it, so the engine answers that it leads nowhere.
const nobodysToken = "unknown"

// action is one element that was pressed or chosen.
type action struct {
	Type   string `json:"type"`      // we make "button", and "static_select" of what is behind More
	ID     string `json:"action_id"` // pressActionPrefix or homeActionPrefix, and a number or name
	Value  string `json:"value"`     // a choice's token, or a home target
	TS     string `json:"action_ts"` // tells two presses of one button apart
	Button struct {
		Label string `json:"text"`
	} `json:"text"`
	// Selected is what was chosen, of elements with a list.
	Selected struct {
		Value string `json:"value"`
		Text  struct {
			Label string `json:"text"`
		} `json:"text"`
	} `json:"selected_option"`
}

// label is what stands on the button, or on the line that was chosen.
func (a *action) label() string { return cmp.Or(a.Button.Label, a.Selected.Text.Label) }

// token is what a press carries: the token of a choice of ours, where it is one.
func (a *action) token() string { return cmp.Or(a.Value, a.Selected.Value, nobodysToken) }

// known says whether it is a button or a menu as we make them below messages.
func (a *action) known() bool {
	ours := a.Type == "button" && a.Value != "" || a.Type == "static_select" && a.Selected.Value != ""
	return ours && strings.HasPrefix(a.ID, pressActionPrefix)
}

// team is the team whose member acts: in a shared channel that may be another than the one where it came about.
func (p *interaction) team() string {
	if p.User.TeamID != "" {
		return p.User.TeamID
	}
	return p.Team.ID
}

// sourceMessage is the message that a press or a shortcut was about.
type sourceMessage struct {
	TS       string `json:"ts"`        // its id within the channel
	Thread   string `json:"thread_ts"` // the ts of the first message of its thread
	User     string `json:"user"`      // who has written it; empty for some bots
	Bot      string `json:"bot_id"`    // set where a bot has written it
	Username string `json:"username"`  // the name that a bot has given itself
	Text     string `json:"text"`      // with Slack's markup
	Files    []file `json:"files"`
}

// viewAnswers are a modal's answers by block and action. Slack sends an empty list where there are none.
type viewAnswers map[string]map[string]struct {
	Value    *string `json:"value"`
	Selected *struct {
		Value string `json:"value"`
	} `json:"selected_option"`
}

// UnmarshalJSON reads an empty list as no answers.
func (v *viewAnswers) UnmarshalJSON(raw []byte) error {
	if bytes.HasPrefix(bytes.TrimSpace(raw), []byte("[")) {
		return nil
	}
	type plain viewAnswers
	return json.Unmarshal(raw, (*plain)(v))
}

// command is a slash command, as Socket Mode sends it.
type command struct {
	AppID   string `json:"api_app_id"` // whom it is for
	Team    string `json:"team_id"`    // of whoever has typed it
	User    string `json:"user_id"`
	Channel string `json:"channel_id"` // where it was typed
	Command string `json:"command"`    // "/nevermind"
	Text    string `json:"text"`       // what was typed after the command
	Trigger string `json:"trigger_id"` // belongs to this one use
}
