package slacktest

import (
	"fmt"
	"slices"
	"strings"
)

// Message is what stands in a channel.
type Message struct {
	Channel, TS, Thread, User, Text string
	Blocks                          []any
	Metadata                        map[string]any
	Only                            string // an ephemeral one: who sees it
	Aloud                           bool   // below another message, and in the channel too
	Edits                           int
	Ticks                           []string // what was put below it by us
	Files                           []File
}

// File is something that came with a message.
type File struct {
	ID, Name string
	Content  []byte
	Said     map[string]any // what Slack says of it that it does not say of others, see Describe
	length   int
}

// Button is one that can be pressed, or a line of a menu that can be chosen.
type Button struct {
	Label, Value, Action, Block, Style string

	Menu string // what stands on the menu that it is a line of; empty for a button
}

// Buttons lists a message's buttons, and the lines of its menus.
func (m *Message) Buttons() []Button {
	var all []Button
	for _, b := range m.Blocks {
		block, _ := b.(map[string]any)
		if block["type"] != "actions" {
			continue
		}
		elements, _ := block["elements"].([]any)
		for _, x := range elements {
			e, _ := x.(map[string]any)
			one := Button{Action: str(e["action_id"]), Block: str(block["block_id"]), Style: str(e["style"])}
			options, _ := e["options"].([]any)
			if len(options) == 0 {
				options = []any{e}
			} else {
				one.Menu = words(e["placeholder"])
			}
			for _, o := range options {
				option, _ := o.(map[string]any)
				one.Label, one.Value = words(option["text"]), str(option["value"])
				all = append(all, one)
			}
		}
	}
	return all
}

// Shown is what a person reads in the message's blocks.
func (m *Message) Shown() string { return shown(m.Blocks) }

// Shown is what a person reads in blocks.
func Shown(blocks any) string {
	all, _ := blocks.([]any)
	return shown(all)
}

// Links lists where a message's links lead, by their words.
func (m *Message) Links() map[string]string {
	all := map[string]string{}
	for _, b := range m.Blocks {
		block, _ := b.(map[string]any)
		parts, _ := block["elements"].([]any)
		for _, x := range parts {
			part, _ := x.(map[string]any)
			runs, _ := part["elements"].([]any)
			for _, r := range runs {
				if run, _ := r.(map[string]any); run["type"] == "link" {
					all[str(run["text"])] = str(run["url"])
				}
			}
		}
	}
	return all
}

// shown reads rich text; a quotation is marked as such.
func shown(blocks []any) string {
	var out strings.Builder
	for _, b := range blocks {
		block, _ := b.(map[string]any)
		parts, _ := block["elements"].([]any)
		if text, ok := block["text"].(map[string]any); ok && block["type"] == "header" {
			out.WriteString(str(text["text"]) + "\n")
		}
		if block["type"] != "rich_text" {
			continue
		}
		for _, x := range parts {
			part, _ := x.(map[string]any)
			text := ""
			runs, _ := part["elements"].([]any)
			for _, r := range runs {
				run, _ := r.(map[string]any)
				text += str(run["text"])
			}
			if part["type"] == "rich_text_quote" {
				text = "> " + strings.ReplaceAll(strings.Trim(text, "\n\u2068\u2069"), "\n", "\n> ") + "\n"
			}
			out.WriteString(text)
			if !strings.HasSuffix(text, "\n") {
				out.WriteString("\n")
			}
		}
	}
	return strings.TrimRight(out.String(), "\n")
}

// words are those of a text object.
func words(v any) string {
	text, _ := v.(map[string]any)
	return str(text["text"])
}

// str is a value that should be a string; empty where it is none.
func str(v any) string {
	s, _ := v.(string)
	return s
}

// Messages lists what stands in a channel outside threads, oldest first; ephemeral ones are not among it.
func (s *Slack) Messages(channel string) []Message { return s.messagesIn(channel, "", false) }

// Newest lists at most so many of the last messages in a channel outside threads, oldest first; ephemeral ones are not among
// them.
func (s *Slack) Newest(channel string, most int) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.channels[channel]
	if c == nil {
		return nil
	}
	var all []Message
	for _, m := range slices.Backward(c.messages) {
		if len(all) == most {
			break
		}
		if m.Only == "" && (m.Thread == "" || m.Aloud) {
			all = append(all, *m)
		}
	}
	slices.Reverse(all)
	return all
}

// Thread lists what stands below a message.
func (s *Slack) Thread(channel, ts string) []Message { return s.messagesIn(channel, ts, false) }

// Whispers lists what only one person saw in a channel.
func (s *Slack) Whispers(channel, user string) []Message {
	return slices.DeleteFunc(s.messagesIn(channel, "", true), func(m Message) bool { return m.Only != user })
}

// messagesIn lists copies of a channel's messages: ephemeral ones, or those of a thread, or those outside of threads.
func (s *Slack) messagesIn(channel, thread string, whispers bool) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.channels[channel]
	if c == nil {
		return nil
	}
	var all []Message
	for _, m := range c.messages {
		if (m.Only != "") == whispers && (whispers || m.Thread == thread || m.Aloud && thread == "") {
			all = append(all, *m)
		}
	}
	return all
}

// Find returns the newest message of a channel, in threads too, that has the words; nil where there is none.
func (s *Slack) Find(channel, words string) *Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.channels[channel]
	if c == nil {
		return nil
	}
	for _, m := range slices.Backward(c.messages) {
		if m.Only == "" && strings.Contains(m.Shown()+"\n"+m.Text, words) {
			found := *m
			return &found
		}
	}
	return nil
}

// Await waits for a message that has the words.
func (s *Slack) Await(channel, words string) *Message {
	s.t.Helper()
	var m *Message
	s.Until(fmt.Sprintf("%s reads %q", channel, words), func() bool { m = s.Find(channel, words); return m != nil })
	return m
}

// message finds a message by name; s.mu is held.
func (s *Slack) message(channel, ts string) *Message {
	if c := s.channels[channel]; c != nil {
		for _, m := range c.messages {
			if m.TS == ts && m.Only == "" {
				return m
			}
		}
	}
	return nil
}

// Show prints the whole workspace as a person would read it, for failures and transcripts.
func (s *Slack) Show() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out strings.Builder
	names := make([]string, 0, len(s.channels))
	for name := range s.channels {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		fmt.Fprintf(&out, "#%s\n", name)
		for _, m := range s.channels[name].messages {
			if m.Thread == "" || m.Aloud || m.Only != "" {
				s.showMessage(&out, m, "  ")
			}
			for _, below := range s.channels[name].messages {
				if m.Only == "" && below.Only == "" && below.Thread == m.TS && m.TS != "" {
					s.showMessage(&out, below, "      ")
				}
			}
		}
	}
	return out.String()
}

// showMessage prints one message with its files and buttons.
func (s *Slack) showMessage(out *strings.Builder, m *Message, indent string) {
	who := m.User
	if p, ok := s.people[m.User]; ok {
		who = p.Name
	}
	if m.User == BotUser {
		who = "Nevermind"
	}
	if m.Only != "" {
		who += " (only to " + m.Only + ")"
	}
	text := m.Shown()
	if text == "" {
		text = m.Text
	}
	fmt.Fprintf(out, "%s%s: %s\n", indent, who, strings.ReplaceAll(text, "\n", "\n"+indent+"    "))
	for _, f := range m.Files {
		fmt.Fprintf(out, "%s    (%s, %d bytes)\n", indent, f.Name, len(f.Content))
	}
	var labels []string
	for _, b := range m.Buttons() {
		labels = append(labels, "["+b.Label+"]")
	}
	if len(labels) > 0 {
		fmt.Fprintf(out, "%s    %s\n", indent, strings.Join(labels, " "))
	}
}

// Remove takes a message away by hand, as a channel's owner can.
func (s *Slack) Remove(channel, ts string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.channels[channel]
	c.messages = slices.DeleteFunc(c.messages, func(m *Message) bool { return m.TS == ts })
}
