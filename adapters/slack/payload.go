package slack

import (
	"bytes"
	"encoding/json"
)

// What Slack sends, as far as it is read here. The library's own types refuse a whole payload over one field that they do not
// expect; these read only the fields that are used, so that a change of Slack's elsewhere costs nothing.

// eventEnvelope is what every event comes in.
type eventEnvelope struct {
	Type           string          `json:"type"`
	Challenge      string          `json:"challenge"`
	TeamID         string          `json:"team_id"`
	AppID          string          `json:"api_app_id"`
	EventID        string          `json:"event_id"`
	Event          json.RawMessage `json:"event"`
	Authorizations []struct {
		TeamID string `json:"team_id"`
	} `json:"authorizations"`
}

// event is the event itself, or the message within one that tells of an edit or a deletion.
type event struct {
	Type        string     `json:"type"`
	Subtype     string     `json:"subtype"`
	Channel     idOrObject `json:"channel"`
	ChannelType string     `json:"channel_type"`
	Tab         string     `json:"tab"`
	User        idOrObject `json:"user"`
	Bot         string     `json:"bot_id"`
	Team        string     `json:"team"`
	UserTeam    string     `json:"user_team"`
	SourceTeam  string     `json:"source_team"`
	Text        string     `json:"text"`
	TS          string     `json:"ts"`
	Thread      string     `json:"thread_ts"`
	Parent      string     `json:"parent_user_id"`
	Message     *event     `json:"message"`
	Previous    *event     `json:"previous_message"`
	Files       []file     `json:"files"`
	Metadata    struct {
		Type    string            `json:"event_type"`
		Payload map[string]string `json:"event_payload"`
	} `json:"metadata"`
}

// file is a file that came with a message; its size is in bytes.
type file struct {
	Name string `json:"name"`
	Size int64  `json:"size"`
	URL  string `json:"url_private_download"`
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
	Type    string `json:"type"`
	AppID   string `json:"api_app_id"`
	Trigger string `json:"trigger_id"`
	Team    struct {
		ID string `json:"id"`
	} `json:"team"`
	User struct {
		ID     string `json:"id"`
		TeamID string `json:"team_id"`
	} `json:"user"`
	Container struct {
		Type    string `json:"type"`
		TS      string `json:"message_ts"`
		Channel string `json:"channel_id"`
		Thread  string `json:"thread_ts"`
	} `json:"container"`
	Channel struct {
		ID string `json:"id"`
	} `json:"channel"`
	Message  sourceMessage `json:"message"`
	Callback string        `json:"callback_id"` // of a shortcut
	ActionTS string        `json:"action_ts"`
	Actions  []action      `json:"actions"`
	View     struct {
		ID       string `json:"id"`
		Hash     string `json:"hash"`
		Callback string `json:"callback_id"`
		Private  string `json:"private_metadata"`
		State    struct {
			Values viewAnswers `json:"values"`
		} `json:"state"`
	} `json:"view"`
}

// action is one button that was pressed.
type action struct {
	Type   string `json:"type"`
	ID     string `json:"action_id"`
	Value  string `json:"value"`
	TS     string `json:"action_ts"`
	Button struct {
		Label string `json:"text"`
	} `json:"text"`
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
	TS       string `json:"ts"`
	Thread   string `json:"thread_ts"`
	User     string `json:"user"`
	Bot      string `json:"bot_id"`
	Username string `json:"username"`
	Text     string `json:"text"`
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
	AppID   string `json:"api_app_id"`
	Team    string `json:"team_id"`
	User    string `json:"user_id"`
	Channel string `json:"channel_id"`
	Command string `json:"command"`
	Text    string `json:"text"`
	Trigger string `json:"trigger_id"`
}
