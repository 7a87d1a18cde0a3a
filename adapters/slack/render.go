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
	longMessage = 4000
	longButton  = 75
	longRich    = 3000
	mostButtons = 25
)

// saying is a reply as Slack shows it: blocks, and the same in plain text for notifications and screen readers.
type saying struct {
	text   string
	blocks []slack.Block
}

// say makes a message of a reply. Everything stands in rich text elements, which Slack shows as they are: nobody's
// words become a mention, a link or markup.
func sayingOf(r *bot.Reply) saying {
	var rich []slack.RichTextElement
	var plain []string
	if r.Title != "" {
		rich, plain = append(rich, section(r.Title, true)), append(plain, r.Title)
	}
	for _, part := range parts(r.Text, longRich) {
		rich, plain = append(rich, section(part, false)), append(plain, part)
	}
	for _, part := range parts(r.Quote, longRich) {
		rich, plain = append(rich, quote(part)), append(plain, part)
	}
	s := saying{text: fallback(strings.Join(plain, "\n"))}
	if len(rich) > 0 {
		s.blocks = append(s.blocks, slack.NewRichTextBlock("", rich...))
	}
	return s.with(r.Choices)
}

// Blocks is a reply as Slack's blocks, JSON, for looking at it elsewhere.
func Blocks(r bot.Reply) []byte {
	raw, err := json.Marshal(sayingOf(&r).blocks)
	if err != nil {
		panic(err) // plain strings
	}
	return raw
}

// with adds buttons.
func (s saying) with(buttons []bot.Button) saying {
	for at := 0; at < len(buttons); at += mostButtons {
		var row []slack.BlockElement
		for i, b := range buttons[at:min(at+mostButtons, len(buttons))] {
			e := slack.NewButtonBlockElement(pressID+strconv.Itoa(at+i), b.Token, words(b.Label, longButton))
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
func news(r *bot.Reply) saying {
	first, _, _ := strings.Cut(r.Text, "\n")
	return sayingOf(&bot.Reply{Text: first})
}

// options are what every call that writes a message carries.
func (s saying) options() []slack.MsgOption {
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
	return &slack.RichTextQuote{Type: slack.RTEQuote, Elements: []slack.RichTextSectionElement{slack.NewRichTextSectionTextElement(isolated(text), nil)}}
}

// paragraph is plain words of ours in a modal.
func paragraph(text string, bold bool) slack.Block {
	return slack.NewRichTextBlock("", section(short(text, longRich), bold))
}

// isolated keeps writing of another direction from reordering what stands around it.
func isolated(text string) string { return "\u2068" + text + "\u2069" }

// fallback escapes what Slack would read as marks, and keeps within what can be changed later.
func fallback(text string) string {
	text = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
	if utf8.RuneCountInString(text) <= longMessage {
		return text
	}
	cut := string([]rune(text)[:longMessage-8])
	if i := strings.LastIndexByte(cut, '&'); i >= 0 && !strings.Contains(cut[i:], ";") {
		cut = cut[:i]
	}
	return cut + "…"
}

// parts cuts a text into pieces, at ends of lines where that can be done.
func parts(text string, most int) []string {
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
