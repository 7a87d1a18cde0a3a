package flows_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"nevermind/bot"
	"nevermind/flows/transcript"
	"nevermind/store/postgres/postgrestest"
)

var update = flag.Bool("update", false, "write the transcripts as they play now")

// TestMain collects garbage as seldom as nevermind serve does: each line of a transcript starts a house anew.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400)
	os.Exit(postgrestest.Main(m))
}

// TestTranscripts plays the outside lines of every transcript: it is right when that writes the very same file again.
// Between any two lines the house is closed and started anew from its store. After each line the money adds up, in the end
// every record replays, and all of them together reach every state and every move.
func TestTranscripts(t *testing.T) {
	files := transcripts(t)
	reached := &coverage{missing: everything()}
	t.Cleanup(func() { reached.whole(t, len(files)) })
	for _, file := range files {
		name := strings.TrimSuffix(strings.TrimPrefix(file, "testdata/"), ".chat")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			played, s := play(t, string(text), func(s *stage) {
				s.conserves()
				s.reload()
			})
			s.replaysAll()
			reached.strike(s.journal)
			if played == string(text) {
				return
			}
			if *update {
				if err := os.WriteFile(file, []byte(played), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			t.Errorf("%s plays otherwise now (-update writes it):\n%s", file, firstDifference(string(text), played))
		})
	}
}

func transcripts(t testing.TB) []string {
	files, err := filepath.Glob("testdata/*/*.chat")
	if err != nil || len(files) == 0 {
		t.Fatal("no transcripts", err)
	}
	return files
}

// play plays a transcript and returns it as it comes out, with the stage as it was left. What each line leads to is
// done before the next one, except after a line that begins with "& ": that one is in the same moment as the next.
// After each line comes after.
func play(t testing.TB, text string, after func(s *stage)) (string, *stage) {
	header, _ := transcript.Split(text)
	return playOn(t, text, newStage(t, header), after)
}

func playOn(t testing.TB, text string, s *stage, after func(s *stage)) (string, *stage) {
	_, lines := transcript.Split(text)
	var out bytes.Buffer
	defer func() {
		if t.Failed() {
			t.Logf("until then:\n%s", out.String()[max(0, out.Len()-3000):])
		}
	}()
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "    ") {
			fmt.Fprint(&out, line)
		}
		step, ok := strings.CutSuffix(line, "\n")
		if !ok || !lines[step] {
			continue
		}
		step, s.held = strings.CutPrefix(step, "& ")
		s.line(step)
		if !s.held {
			s.drain()
			s.write(&out)
			s.pass()
		}
		s.write(&out)
		if after != nil {
			after(s)
		}
	}
	return out.String(), s
}

// pass lets a decision go out that nobody means to undo: its ten seconds pass between two lines.
func (s *stage) pass() {
	due, err := s.store.Due(s.t.Context(), s.now.Add(10*time.Second), 100)
	s.must(err)
	for _, d := range due {
		if d.Name() == "undo" && d.At.After(s.now) {
			s.move(d.At.Sub(s.now))
		}
	}
}

// line plays one outside line.
func (s *stage) line(line string) {
	who, what, ok := strings.Cut(line, ": ")
	if !ok {
		s.t.Fatalf("line %q has no speaker", line)
	}
	switch who {
	case "order":
		o, err := s.engine.PutOrder(s.t.Context(), anOrder(s.t, transcript.Expand(what)))
		s.must(err)
		s.orders = append(s.orders, o.ID)
	case "clock":
		s.clock(what)
	case "new policy": // in place of the one before; the house is started with it
		s.under(strings.ReplaceAll(what, "\\n", "\n"))
		s.reload()
	case "shop":
		s.shop(what)
	case "link":
		s.link(what)
	case "account":
		p := cast[what]
		p.Accounts = []string{"stage:" + strings.ToLower(what)}
		s.person(p)
	case "assistant":
		s.assistant(what)
	case "direct": // one of support's people can be told something alone
		s.person(bot.Person{ID: cast[what].ID, Rooms: []bot.Room{bot.Room("stage:" + strings.ToLower(what))}})
	case "gone":
		s.gone[roomOf(what)] = bot.ErrGone
	case "refuses":
		s.gone[roomOf(what)] = bot.ErrRefused
	case "slow": // its platform asks to wait, again and again
		s.gone[roomOf(what)] = bot.Later{After: 10 * time.Minute}
	case "back":
		delete(s.gone, roomOf(what))
	case "name":
		who, called, _ := strings.Cut(what, " ")
		p := cast[who]
		p.Name = transcript.Expand(called)
		s.person(p)
	case "away":
		away, err := time.ParseDuration(what)
		s.must(err)
		s.now = s.now.Add(away)
		s.must(s.engine.ExtendForOutage(s.t.Context(), s.now.Add(-away), away))
	case "again":
		s.must(s.engine.Receive(s.t.Context(), s.last))
	case "invite":
		guest := cast[what]
		if s.language != "" {
			guest.Language = s.language
		}
		token, _, err := s.engine.Invite(s.t.Context(), guest)
		s.must(err)
		s.links = append(s.links, token)
	default:
		if _, known := cast[who]; !known {
			s.t.Fatalf("nobody is called %q", who)
		}
		s.speak(who, what)
	}
}

// speak plays what a person does: {a.jpg} a file, [a button], [[a button that may be gone]], [!forged], [a button] of
// somebody else, > an answer to the last quotation, @something that is no words, or words.
func (s *stage) speak(who, what string) {
	if kind, words, isOdd := transcript.Odd(what); isOdd {
		s.say(who, s.odd(who, kind, words))
		return
	}
	label, isPress := strings.CutPrefix(what, "[")
	label, owner, _ := strings.Cut(label, "] of ")
	label = strings.TrimSuffix(label, "]")
	old, isOld := strings.CutPrefix(label, "[")
	old = strings.TrimSuffix(old, "]")
	reply, isReply := strings.CutPrefix(what, "> ")
	switch {
	case isPress && strings.HasPrefix(label, "!"):
		s.say(who, bot.Message{Press: label})
	case isPress && owner != "":
		s.say(who, bot.Message{Press: s.token(owner, label, false)})
	case isPress && isOld:
		s.say(who, bot.Message{Press: s.token(who, old, true)})
	case isPress:
		s.say(who, bot.Message{Press: s.token(who, label, false)})
	case isReply:
		text, files := transcript.Files(reply)
		s.say(who, bot.Message{Text: transcript.Expand(text), ReplyTo: s.quoted(who), Files: files})
	default:
		text, files := transcript.Files(what)
		s.say(who, bot.Message{Text: s.typed(who, transcript.Expand(text)), Files: files})
	}
}

// odd is a message that is more, or less, than words: the newest link opened, one that is no link, or an odd kind.
func (s *stage) odd(who, kind, words string) bot.Message {
	m := bot.Message{Text: s.typed(who, transcript.Expand(words))}
	switch kind {
	case "keep":
		m = s.keep(words)
	case "link":
		m.Link = s.links[len(s.links)-1]
	case "nolink":
		m.Link = strings.Repeat("x", 43)
	case "public":
		m.Public = true
	case "file":
		m.Files = []bot.File{{Name: "photo.jpg", Type: "image/jpeg", Size: 1, Hash: strings.Repeat("0", 64)}}
	default:
		m.Unsupported = bot.Unsupported(kind)
	}
	return m
}

// keep makes a colleague's message evidence of the last case: "buyer parcel, team: {parcel.jpg} The carrier sent it." It was
// said an hour ago.
func (s *stage) keep(words string) bot.Message {
	how, said, _ := strings.Cut(words, ": ")
	as, seen, _ := strings.Cut(how, ", ")
	text, files := transcript.Files(said)
	m := bot.Message{
		Text: text, Files: files, Fields: bot.Facts{"kept_as": as, "kept_seen": seen, "sure": "yes"},
		Evidence: bot.EvidenceOf{By: "Otto", At: s.now.Add(-time.Hour)},
	}
	for _, flow := range []string{"case", "dispute"} {
		keys, err := s.store.Find(s.t.Context(), "flow:"+flow, "", 10)
		s.must(err)
		for _, key := range keys {
			m.Evidence.Record = key
		}
	}
	return m
}

// quoted is the last message in somebody's room that carries somebody's words, or else the last card of a record.
func (s *stage) quoted(who string) bot.Ref {
	bubbles := s.bubbles[roomOf(who)]
	for i := len(bubbles) - 1; i >= 0; i-- {
		if bubbles[i].reply.Quote != "" {
			return bubbles[i].ref
		}
	}
	for i := len(bubbles) - 1; i >= 0; i-- {
		if bubbles[i].reply.From.Kind() != "talk" {
			return bubbles[i].ref
		}
	}
	s.t.Fatalf("%s has nothing to answer", who)
	return ""
}

// clock moves the clock: "+90m", "+2d", or "next" for the next deadline.
func (s *stage) clock(what string) {
	d := s.toDeadline()
	if what != "next" {
		var err error
		d, err = time.ParseDuration(strings.TrimPrefix(what, "+"))
		if days, ok := strings.CutSuffix(what, "d"); ok {
			var n int
			n, err = strconv.Atoi(strings.TrimPrefix(days, "+"))
			d = time.Duration(n) * 24 * time.Hour
		}
		s.must(err)
	}
	if s.held {
		s.now = s.now.Add(d)
		return
	}
	s.move(d)
}

// write writes what was said and what moved since the last line.
func (s *stage) write(out *bytes.Buffer) {
	for _, a := range s.answers {
		fmt.Fprintf(out, "    = %s\n", a)
	}
	for _, b := range s.news {
		s.bubble(out, b)
	}
	for _, e := range s.entries {
		if e.Flow == "tally" {
			continue // counts are not part of the story
		}
		fmt.Fprintf(out, "    · %s\n", moved(&e))
	}
	s.news, s.entries, s.answers = nil, nil, nil
}

func (s *stage) bubble(out *bytes.Buffer, b *bubble) {
	mark := map[bot.Mode]string{bot.New: "←", bot.Edit: "✎", bot.Aside: "~"}[b.mode]
	fmt.Fprintf(out, "    %s %s", mark, strings.TrimPrefix(string(b.reply.Room), "stage:"))
	if b.reply.Quiet {
		fmt.Fprint(out, " (without a sound)")
	}
	if b.reply.Title != "" {
		fmt.Fprintf(out, " | %s", visible(b.reply.Title))
	}
	fmt.Fprintln(out)
	text := strings.TrimRight(b.reply.Text, "\n")
	for line := range strings.Lines(text) {
		fmt.Fprintf(out, "        %s\n",
			shortened(strings.TrimSpace(strings.ReplaceAll(transcript.Still(line), s.pack.Policy.Version, "…")), 2000))
	}
	for line := range strings.Lines(b.reply.Quote) {
		fmt.Fprintf(out, "        > %s\n", shortened(strings.TrimSpace(line), 200))
	}
	for _, f := range b.reply.Files {
		fmt.Fprintf(out, "        + %s\n", f.Name)
	}
	var buttons, behind []string
	for _, c := range b.reply.Choices {
		buttons = append(buttons, "["+visible(transcript.Still(c.Label))+"]")
	}
	for _, c := range b.reply.Behind {
		behind = append(behind, visible(transcript.Still(c.Label)))
	}
	if n := len(buttons) - 1; len(behind) > 0 { // what a press on More shows
		buttons[n] = strings.TrimSuffix(buttons[n], "]") + ": " + strings.Join(behind, " · ") + "]"
	}
	if len(buttons) > 0 {
		fmt.Fprintf(out, "        %s\n", strings.Join(buttons, " "))
	}
}

func shortened(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return visible(string(r[:100])) + "… (" + strconv.Itoa(len(r)) + " characters)"
	}
	return visible(s)
}

// hasVisible writes what cannot be seen, or turns writing around, as \u….
func visible(s string) string {
	var out strings.Builder
	for _, r := range s {
		if unicode.Is(unicode.Cf, r) || unicode.IsControl(r) {
			fmt.Fprintf(&out, `\u%04x`, r)
			continue
		}
		out.WriteRune(r)
	}
	return out.String()
}

// moved is a line of the journal in a transcript: who moved, by what, from where to where.
func moved(e *bot.Entry) string {
	switch {
	case e.Refused != "":
		return fmt.Sprintf("%s.%s refused: %s", e.Flow, e.From, e.Refused)
	case e.From == "":
		return fmt.Sprintf("%s begins in %s on %s", e.Flow, e.To, e.Event.Name)
	case e.From == e.To:
		return fmt.Sprintf("%s.%s on %s", e.Flow, e.From, e.Event.Name)
	}
	return fmt.Sprintf("%s.%s on %s to %s", e.Flow, e.From, e.Event.Name, e.To)
}

func firstDifference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range w {
		if i >= len(g) || w[i] != g[i] {
			return fmt.Sprintf("line %d\nwant %s\ngot  %s", i+1, w[i], strings.Join(g[min(i, len(g)):min(i+6, len(g))], "\n     "))
		}
	}
	return "more lines: " + strings.Join(g[len(w):min(len(w)+6, len(g))], "\n")
}
