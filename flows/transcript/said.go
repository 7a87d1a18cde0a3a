package transcript

import (
	"regexp"
	"strings"
)

// Bubble is one message as a transcript shows it.
type Bubble struct {
	Line    int    // where in the file it begins
	Mark    string // "←" a new message, "✎" an edit, "~" a passing word
	To      string // whose room: "ana", "lumen", "desk"
	Title   string
	Text    string // its own words, without the title
	Quote   string // what somebody else wrote
	Files   []string
	Buttons []string
}

// bubbleHead is the first line of a bubble: "    ← ana (without a sound) | Order 8123456789012345 · Lamp".
var bubbleHead = regexp.MustCompile(`^    ([←✎~]) (\S+)( \(without a sound\))?(?: \| (.*))?$`)

// Said lists the messages of a transcript, in their order.
func Said(text string) (all []Bubble) {
	at := 0
	for line := range strings.Lines(text) {
		line, at = strings.TrimSuffix(line, "\n"), at+1
		if m := bubbleHead.FindStringSubmatch(line); m != nil {
			all = append(all, Bubble{Line: at, Mark: m[1], To: m[2], Title: m[4]})
			continue
		}
		if body, ok := strings.CutPrefix(line, "        "); ok && len(all) > 0 {
			all[len(all)-1].add(body)
		}
	}
	for i := range all {
		all[i].Text, all[i].Quote = strings.TrimSuffix(all[i].Text, "\n"), strings.TrimSuffix(all[i].Quote, "\n")
	}
	return all
}

// add takes one line of a bubble in.
func (b *Bubble) add(line string) {
	switch {
	case strings.HasPrefix(line, "> "):
		b.Quote += strings.TrimPrefix(line, "> ") + "\n"
	case strings.HasPrefix(line, "+ "):
		b.Files = append(b.Files, strings.TrimPrefix(line, "+ "))
	case strings.HasPrefix(line, "[") && strings.HasSuffix(line, "]"):
		for _, label := range strings.Split(strings.TrimSuffix(strings.TrimPrefix(line, "["), "]"), "] [") {
			behind, folded := strings.CutPrefix(label, "More: ") // what stands behind More
			if !folded {
				b.Buttons = append(b.Buttons, label)
				continue
			}
			b.Buttons = append(b.Buttons, strings.Split(behind, " · ")...)
		}
	default:
		b.Text += line + "\n"
	}
}

// Party is whose eyes a room has: "buyer", "seller", "support"; "stranger" for one that is nobody's yet.
func (b Bubble) Party() string {
	for name, p := range Cast {
		if strings.EqualFold(name, b.To) && p.ID != "" {
			return string(p.Party())
		}
	}
	if b.To == "desk" {
		return "support"
	}
	return "stranger"
}
