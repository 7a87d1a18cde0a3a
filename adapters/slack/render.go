package slack

import (
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"nevermind/bot"
)

// What a message may hold at most. Longer words would not be refused when posted, but when the message is changed.
const (
	maxMessage  = 4000
	maxButton   = 75
	maxRichText = 3000
	maxButtons  = 25
)

// saying is a reply as Slack shows it: blocks, and the same in plain text for notifications and screen readers.
type content struct {
	text   string
	blocks []slack.Block
}

// say makes a message of a reply. Everything stands in rich text elements, which Slack shows as they are: nobody's
// words become a mention, a link or markup.
func render(r *bot.Reply) content {
	var rich []slack.RichTextElement
	var plain []string
	if r.Title != "" {
		rich, plain = append(rich, section(r.Title, true)), append(plain, r.Title)
	}
	for _, part := range splitText(r.Text, maxRichText) {
		rich, plain = append(rich, section(part, false)), append(plain, part)
	}
	for _, part := range splitText(r.Quote, maxRichText) {
		rich, plain = append(rich, quote(part)), append(plain, part)
	}
	s := content{text: fallbackText(strings.Join(plain, "\n"))}
	if len(rich) > 0 {
		s.blocks = append(s.blocks, slack.NewRichTextBlock("", rich...))
	}
	return s.withButtons(r.Choices)
}

// Blocks is a reply as Slack's blocks, JSON, for looking at it elsewhere.
func Blocks(r bot.Reply) []byte {
	raw, err := json.Marshal(render(&r).blocks)
	if err != nil {
		panic(err) // plain strings
	}
	return raw
}

// with adds buttons.
func (s content) withButtons(buttons []bot.Button) content {
	for at := 0; at < len(buttons); at += maxButtons {
		var row []slack.BlockElement
		for i, b := range buttons[at:min(at+maxButtons, len(buttons))] {
			e := slack.NewButtonBlockElement(pressActionPrefix+strconv.Itoa(at+i), b.Token, textObject(b.Label, maxButton))
			switch b.Style {
			case bot.Primary:
				e.Style = slack.StylePrimary
			case bot.Danger:
				e.Style = slack.StyleDanger
			}
			row = append(row, e)
		}
		s.blocks = append(s.blocks, slack.NewActionBlock("", row...))
	}
	return s
}

// news is what is said below a card that has changed: its first lines.
func renderUpdate(r *bot.Reply) content {
	first, _, _ := strings.Cut(r.Text, "\n")
	return render(&bot.Reply{Text: first})
}

// options are what every call that writes a message carries.
func (s content) options() []slack.MsgOption {
	return []slack.MsgOption{slack.MsgOptionText(s.text, false), slack.MsgOptionBlocks(s.blocks...), slack.MsgOptionParse(false)}
}

func section(text string, bold bool) slack.RichTextElement {
	var style *slack.RichTextSectionTextStyle
	if bold {
		style = &slack.RichTextSectionTextStyle{Bold: true}
	}
	return slack.NewRichTextSection(slack.NewRichTextSectionTextElement(text+"\n", style))
}

func quote(text string) slack.RichTextElement {
	return &slack.RichTextQuote{Type: slack.RTEQuote, Elements: []slack.RichTextSectionElement{slack.NewRichTextSectionTextElement(isolate(text), nil)}}
}

// paragraph is plain words of ours in a modal.
func paragraph(text string, bold bool) slack.Block {
	return slack.NewRichTextBlock("", section(truncate(text, maxRichText), bold))
}

// isolated keeps writing of another direction from reordering what stands around it.
func isolate(text string) string { return "\u2068" + text + "\u2069" }

// fallback escapes what Slack would read as marks, and keeps within what can be changed later.
func fallbackText(text string) string {
	text = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
	if utf8.RuneCountInString(text) <= maxMessage {
		return text
	}
	cut := string([]rune(text)[:maxMessage-8])
	if i := strings.LastIndexByte(cut, '&'); i >= 0 && !strings.Contains(cut[i:], ";") {
		cut = cut[:i]
	}
	return cut + "…"
}

// parts cuts a text into pieces, at ends of lines where that can be done.
func splitText(text string, most int) []string {
	var all []string
	for runes := []rune(text); len(runes) > 0; {
		n := min(most, len(runes))
		if n < len(runes) {
			if i := strings.LastIndexByte(string(runes[:n]), '\n'); i > 0 {
				n = utf8.RuneCountInString(string(runes[:n])[:i]) + 1
			}
		}
		all = append(all, strings.TrimRight(string(runes[:n]), "\n"))
		runes = runes[n:]
	}
	return all
}
