package drills

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"

	"nevermind/adapters/telegram/telegramtest"
	"nevermind/bot"
	"nevermind/flows/transcript"
)

// bubble is one message as a person sees it come, or change.
type bubble struct {
	mark                       string // ← new, ✎ in place of an earlier one, ~ in passing
	room                       string
	quiet                      bool
	title                      string
	text, quote, files, labels []string
}

// String writes it as a transcript does, less what nobody sees.
func (b *bubble) String() string {
	var out strings.Builder
	fmt.Fprint(&out, b.mark, " ", b.room)
	if b.quiet {
		fmt.Fprint(&out, " (without a sound)")
	}
	if b.title != "" {
		fmt.Fprint(&out, " | ", plainly(b.title))
	}
	for _, line := range b.text {
		fmt.Fprint(&out, "\n    ", shortly(plainly(line), 2000))
	}
	for _, line := range b.quote {
		fmt.Fprint(&out, "\n    > ", shortly(plainly(line), 200))
	}
	for _, line := range b.files {
		fmt.Fprint(&out, "\n    + ", plainly(line))
	}
	for _, l := range b.labels {
		fmt.Fprintf(&out, "\n    [%s]", plainly(l))
	}
	return out.String()
}

// plainly is a line without what cannot be seen and with one blank where there are some: in transcripts that is written
// out, and Telegram drops it. The names of cases differ from run to run.
func plainly(line string) string {
	line = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) || unicode.IsControl(r) {
			return -1
		}
		return r
	}, line)
	line = strings.Join(strings.Fields(transcript.Still(line)), " ")
	return caseFile.ReplaceAllString(seal.ReplaceAllString(line, "(seal)"), "case.zip")
}

// What differs of a case's sealed file: the transcripts are played without a real one.
var (
	seal     = regexp.MustCompile(`[0-9a-f]{4}( [0-9a-f]{4}){4}`)
	caseFile = regexp.MustCompile(`case-C-….zip|case for the [a-z]+\.zip`)
)

// shortly cuts what a transcript cuts, where "… (512 characters)" stands behind it.
func shortly(line string, most int) string {
	if r := []rune(line); len(r) > most {
		return string(r[:100]) + "…"
	}
	return cutShort.ReplaceAllString(line, "…")
}

var cutShort = regexp.MustCompile(`… \(\d+ characters\)$`)

// bubbleOf is a reply as it is.
func bubbleOf(mark string, r *bot.Reply) *bubble {
	b := &bubble{mark: mark, room: "desk", quiet: r.Quiet, title: r.Title, text: linesOf(r.Text), quote: linesOf(r.Quote)}
	for _, f := range r.Files {
		b.files = append(b.files, f.Name)
	}
	for _, c := range r.Choices {
		b.labels = append(b.labels, c.Label)
	}
	return b
}

// linesOf are the lines of a text that are not blank.
func linesOf(text string) []string {
	return slices.DeleteFunc(strings.Split(text, "\n"), func(l string) bool { return plainly(l) == "" })
}

// played is one outside line of a transcript with what people are told in answer.
type played struct {
	line string
	told []*bubble
}

// readTranscript reads what is played and what is to be seen.
func readTranscript(text string) (policy string, all []played) {
	policy, outside := transcript.Split(text)
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		switch {
		case outside[line]:
			all = append(all, played{line: line})
		case strings.HasPrefix(line, "    ·"), strings.HasPrefix(line, "    ="): // nobody sees it in a chat
		case len(all) > 0 && strings.HasPrefix(line, "    "):
			all[len(all)-1].read(line[4:])
		}
	}
	return policy, all
}

// read reads one line of what is to be seen.
func (p *played) read(line string) {
	inner, isInner := strings.CutPrefix(line, "    ")
	if !isInner {
		head, title, _ := strings.Cut(line, " | ")
		mark, room, _ := strings.Cut(head, " ")
		room, quiet := strings.CutSuffix(room, " (without a sound)")
		p.told = append(p.told, &bubble{mark: mark, room: room, quiet: quiet, title: seenOf(title)})
		return
	}
	b := p.told[len(p.told)-1]
	quote, isQuote := strings.CutPrefix(inner, "> ")
	file, isFile := strings.CutPrefix(inner, "+ ")
	switch {
	case isQuote:
		b.quote = append(b.quote, linesOf(seenOf(quote))...)
	case isFile:
		b.files = append(b.files, file)
	case strings.HasPrefix(inner, "[") && strings.HasSuffix(inner, "]"):
		for _, l := range strings.Split(inner[1:len(inner)-1], "] [") {
			if strings.HasPrefix(l, "More: ") {
				l = "More" // what is behind it does not show
			}
			b.labels = append(b.labels, seenOf(l))
		}
	default:
		b.text = append(b.text, linesOf(seenOf(inner))...)
	}
}

// seenOf reads the \u… that stand in transcripts for what cannot be seen.
func seenOf(line string) string {
	if s, err := strconv.Unquote(`"` + strings.ReplaceAll(line, `"`, `\"`) + `"`); err == nil {
		return s
	}
	return line
}

// hide leaves out a word that changes with every change of the policies.
func (b *bubble) hide(word string) {
	for i, line := range b.text {
		b.text[i] = strings.ReplaceAll(line, word, "…")
	}
}

// forTelegram makes of a bubble what Telegram can show: what is said in passing is one line of 200 characters, and a
// label of more than 48 is cut, gets its number, and stands in full above.
func (b *bubble) forTelegram() {
	if b.mark == "~" {
		line := strings.Join(b.text, " ")
		if u := utf16.Encode([]rune(line)); len(u) > 200 {
			line = string(utf16.Decode(u[:199])) + "…"
		}
		*b = bubble{mark: b.mark, room: b.room, text: []string{line}}
		return
	}
	for i, l := range b.labels {
		l = strings.ReplaceAll(l, "C-…", "C-01234567") // as long as it is
		if len([]rune(l)) > 48 {
			l = fmt.Sprintf("%d. %s", i+1, l)
			b.text = append(b.text, l)
			b.labels[i] = strings.TrimSpace(string([]rune(l)[:47])) + "…"
		}
	}
}

// hear is told of each new message in a chat.
func (sc *scene) hear(m telegramtest.Message) {
	sc.mu.Lock()
	defer sc.mu.Unlock()
	sc.ids[m.Chat] = append(sc.ids[m.Chat], m.ID)
}

// seen are the bot's messages in a scene's chats since the last look: each that came or was changed, as it stands now.
func (sc *scene) seen() (all []*bubble) {
	l := onlooker{sc, map[string]*bubble{}, map[int64][]string{}}
	calls := sc.fake.Calls("")
	for _, c := range calls[sc.looked:] {
		if b := l.at(c); b != nil {
			all = append(all, b)
		}
	}
	sc.looked = len(calls)
	return all
}

// onlooker goes through some calls.
type onlooker struct {
	*scene
	messages map[string]*bubble // by chat and id
	files    map[int64][]string // sent before the words they belong to
}

// at is the message that a call has brought or changed; nil where nobody sees more than before.
func (l *onlooker) at(c telegramtest.Call) *bubble {
	if c.Code != 200 && !strings.Contains(c.Words, "not modified") {
		return nil
	}
	changed := fmt.Sprint(c.Chat, " ", string(c.Params["message_id"]))
	switch c.Method {
	case "sendPhoto", "sendDocument":
		l.id(c.Chat)
		upload := textOf(c, strings.ToLower(strings.TrimPrefix(c.Method, "send")))
		l.files[c.Chat] = append(l.files[c.Chat], strings.TrimPrefix(upload, "attach://"))
	case "sendMessage":
		b := l.message(fmt.Sprint(c.Chat, " ", l.id(c.Chat)), "←", c)
		b.files, l.files[c.Chat] = l.files[c.Chat], nil
		return b
	case "editMessageText":
		return l.message(changed, "✎", c)
	case "editMessageReplyMarkup":
		if b := l.messages[changed]; b != nil {
			b.labels = nil
		}
	case "answerCallbackQuery":
		if words := textOf(c, "text"); words != "" {
			return &bubble{mark: "~", room: l.pressed[textOf(c, "callback_query_id")], text: []string{words}}
		}
	}
	return nil
}

// id is what the fake called the next message that was sent to a chat.
func (l *onlooker) id(chat int64) (id int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if ids := l.ids[chat]; len(ids) > 0 {
		id, l.ids[chat] = ids[0], ids[1:]
	}
	return id
}

// message is a message as a call leaves it.
func (l *onlooker) message(key, mark string, c telegramtest.Call) *bubble {
	b := l.messages[key]
	if b == nil {
		b = &bubble{}
		l.messages[key] = b
	}
	*b = bubble{mark: mark, room: l.roomOf(c.Chat), quiet: string(c.Params["disable_notification"]) == "true"}
	b.apart(c)
	return b
}

func (sc *scene) roomOf(chat int64) string {
	for who, c := range sc.chats {
		if c.ID == chat || c.ID == -chat {
			return strings.ToLower(who)
		}
	}
	return "a stranger"
}

// apart takes a message apart: the bold line at its beginning is the title, what is set off is a quotation.
func (b *bubble) apart(c telegramtest.Call) {
	var marks []telegramtest.Entity
	_ = json.Unmarshal(c.Params["entities"], &marks)
	all := utf16.Encode([]rune(textOf(c, "text")))
	from, to := 0, len(all)
	for _, m := range marks {
		part := string(utf16.Decode(all[m.Offset : m.Offset+m.Length]))
		switch {
		case m.Type == "bold" && m.Offset == 0:
			b.title, from = part, m.Offset+m.Length
		case strings.HasSuffix(m.Type, "blockquote"):
			b.quote, to = linesOf(part), m.Offset
		}
	}
	b.text = linesOf(string(utf16.Decode(all[from:to])))
	var k struct {
		Rows [][]telegramtest.Button `json:"inline_keyboard"`
	}
	_ = json.Unmarshal(c.Params["reply_markup"], &k)
	for _, row := range k.Rows {
		for _, button := range row {
			b.labels = append(b.labels, button.Text)
		}
	}
}

func textOf(c telegramtest.Call, name string) (s string) {
	_ = json.Unmarshal(c.Params[name], &s)
	return s
}

// byRoom writes down what people see, room by room: new messages, in their order where that is to count, below them those
// that were changed, as they stand in the end, for nobody hears when.
func byRoom(all []*bubble, inOrder bool) string {
	type room struct{ news, changed []string }
	rooms := map[string]*room{}
	for _, b := range all {
		r := rooms[b.room]
		if r == nil {
			r = &room{}
			rooms[b.room] = r
		}
		if line := b.String(); b.mark != "✎" {
			r.news = append(r.news, line)
		} else if !slices.Contains(r.changed, line) {
			r.changed = append(r.changed, line)
		}
	}
	var out []string
	for _, name := range slices.Sorted(maps.Keys(rooms)) {
		r := rooms[name]
		slices.Sort(r.changed)
		if !inOrder {
			slices.Sort(r.news)
		}
		out = append(out, append(r.news, r.changed...)...)
	}
	return strings.Join(out, "\n")
}
