package slack

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"nevermind/bot"
)

// Everything in this file is pure: texts and replies become Slack's blocks. All words stand in rich text elements, which
// Slack shows as they are, so nobody's words become a mention, a link or markup.

// What a message may hold at most, in characters and elements. A longer text would be taken when it is posted, but refused
// when the message is updated.
const (
	maxMessage  = 4000
	maxButton   = 75
	maxRichText = 3000
	maxButtons  = 25
)

// content is what a message says: as blocks, and as plain text for notifications and screen readers.
type content struct {
	text   string
	blocks []slack.Block
}

// render makes the content of a reply: its title, text and quotation, and its choices as buttons.
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
	c := content{text: fallbackText(strings.Join(plain, "\n"))}
	if len(rich) > 0 {
		c.blocks = append(c.blocks, slack.NewRichTextBlock("", rich...))
	}
	return c.withButtons(r.Choices)
}

// renderUpdate makes the content of the line that is posted below a card that was updated: the reply's first line.
func renderUpdate(r *bot.Reply) content {
	first, _, _ := strings.Cut(r.Text, "\n")
	return render(&bot.Reply{Text: first})
}

// Blocks renders a reply as Slack's blocks, a JSON array, for looking at it elsewhere.
func Blocks(r bot.Reply) []byte {
	raw, err := json.Marshal(render(&r).blocks)
	if err != nil {
		panic(err) // cannot happen: blocks hold nothing but strings
	}
	return raw
}

// withButtons adds choices as buttons, whose values are the tokens of the choices.
func (c content) withButtons(choices []bot.Button) content {
	n := 0
	for row := range slices.Chunk(choices, maxButtons) {
		var elements []slack.BlockElement
		for _, b := range row {
			e := slack.NewButtonBlockElement(pressActionPrefix+strconv.Itoa(n), b.Token, textObject(b.Label, maxButton))
			switch b.Style {
			case bot.Primary:
				e.Style = slack.StylePrimary
			case bot.Danger:
				e.Style = slack.StyleDanger
			}
			elements = append(elements, e)
			n++
		}
		c.blocks = append(c.blocks, slack.NewActionBlock("", elements...))
	}
	return c
}

// options are what every call that writes a message carries.
func (c content) options() []slack.MsgOption {
	return []slack.MsgOption{slack.MsgOptionText(c.text, false), slack.MsgOptionBlocks(c.blocks...), slack.MsgOptionParse(false)}
}

// bold is the style of titles and figures.
var bold = &slack.RichTextSectionTextStyle{Bold: true}

// section is one paragraph of rich text.
func section(text string, strong bool) slack.RichTextElement {
	var style *slack.RichTextSectionTextStyle
	if strong {
		style = bold
	}
	return slack.NewRichTextSection(slack.NewRichTextSectionTextElement(text+"\n", style))
}

// quote is somebody's own words, set apart.
func quote(text string) slack.RichTextElement {
	run := slack.NewRichTextSectionTextElement(isolate(text), nil)
	return &slack.RichTextQuote{Type: slack.RTEQuote, Elements: []slack.RichTextSectionElement{run}}
}

// richText is a block of one section.
func richText(run ...slack.RichTextSectionElement) slack.Block {
	return slack.NewRichTextBlock("", slack.NewRichTextSection(run...))
}

// paragraph is a block of one sentence or two.
func paragraph(text string, strong bool) slack.Block {
	return slack.NewRichTextBlock("", section(truncate(text, maxRichText), strong))
}

// textObject is plain text of at most so many characters, for buttons, titles and labels.
func textObject(text string, limit int) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.PlainTextType, truncate(text, limit), false, false)
}

// isolate wraps a text in Unicode's isolating marks, so that its writing direction reorders nothing around it.
func isolate(text string) string { return "\u2068" + text + "\u2069" }

// fallbackText escapes a text for the field where Slack reads markup, and truncates it to maxMessage without cutting an
// entity in two.
func fallbackText(text string) string {
	text = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
	if utf8.RuneCountInString(text) <= maxMessage {
		return text
	}
	// An entity that would be cut in two is left out.
	cut := string([]rune(text)[:maxMessage-8])
	if i := strings.LastIndexByte(cut, '&'); i >= 0 && !strings.Contains(cut[i:], ";") {
		cut = cut[:i]
	}
	return cut + "…"
}

// truncate cuts a text to so many characters, the last of them "…". An empty text becomes "…", since Slack refuses one.
func truncate(text string, limit int) string {
	if text == "" {
		return "…"
	}
	if utf8.RuneCountInString(text) <= limit {
		return text
	}
	return string([]rune(text)[:limit-1]) + "…"
}

// splitText splits a text into parts of at most so many characters, at the end of a line where there is one.
func splitText(text string, limit int) []string {
	var all []string
	for runes := []rune(text); len(runes) > 0; {
		n := min(limit, len(runes))
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
