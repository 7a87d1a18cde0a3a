package drills

import (
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"nevermind/adapters/telegram/telegramtest"
	"nevermind/bot"
)

// TestTelegramSpiced plays every transcript with every name, title and sentence in them turned nasty: whatever the words are
// then, Telegram takes every call, nothing of theirs comes to life, and what turns writing around ends where it began.
func TestTelegramSpiced(t *testing.T) {
	t.Parallel()
	var lines, reached, used atomic.Int32
	texts := telegramtest.HostileTexts(500, 11)
	next := func() string { return texts[int(used.Add(1)-1)%len(texts)] }
	for i, name := range transcripts(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				n, of := playSpiced(t, name, []string{"webhook", "poll"}[i%2], next)
				reached.Add(int32(n))
				lines.Add(int32(of))
			})
		})
	}
	t.Cleanup(func() {
		if t.Logf("%d of %d lines, %d texts", reached.Load(), lines.Load(), used.Load()); reached.Load()*10 < lines.Load()*9 {
			t.Errorf("only %d of %d lines were played: the others did not find their buttons", reached.Load(), lines.Load())
		}
	})
}

// playSpiced plays a transcript as far as its buttons are found, and says how many of its lines that were.
func playSpiced(t *testing.T, name, mode string, next func() string) (reached, lines int) {
	text, err := os.ReadFile(filepath.Join(folderOfTranscripts, name+".chat"))
	if err != nil {
		t.Fatal(err)
	}
	policy, all := readTranscript(string(text))
	sc := newScene(t, mode, policy, next)
	for _, p := range all {
		if p.line == endsAt(name) || anotherPolicy(p.line) || !sc.finds(p.line) {
			break
		}
		sc.play(p.line)
		sc.remember()
		reached++
		if sc.tame(); t.Failed() {
			t.Fatalf("after %s (%s)", p.line, mode)
		}
	}
	sc.allTaken()
	return reached, len(all)
}

// allTaken fails where Telegram has refused a call.
func (sc *scene) allTaken() {
	for _, c := range sc.fake.Calls("") {
		if c.Code != 0 && c.Code != http.StatusOK && c.Code != http.StatusTooManyRequests &&
			!strings.Contains(c.Words, "not modified") &&
			!isGone(c.Words) {
			sc.t.Errorf("refused: %s %d %s: %.300s", c.Method, c.Code, c.Words, c.Params["text"])
		}
	}
}

// tame fails where words of a person do something in a chat, as it stands now.
func (sc *scene) tame() {
	for _, chat := range sc.chats {
		for _, m := range chat.Heard() {
			for _, live := range m.Live {
				if !slices.Contains(ownCommands, live) {
					sc.t.Errorf("%q comes to life in %q", live, m.Text)
				}
			}
			for _, e := range m.Entities {
				if slices.Contains(touchable, e.Type) {
					sc.t.Errorf("a %s is made in %q", e.Type, m.Text)
				}
			}
			if open := unclosed(m.Text); open != 0 {
				sc.t.Errorf("%d isolates are left open in %q", open, m.Text)
			}
		}
	}
}

// isGone says whether a refusal is one that a transcript has ordered.
func isGone(words string) bool {
	return strings.Contains(words, "user is deactivated") || strings.Contains(words, "TOPIC_CLOSED")
}

// ownCommands are what the bot itself offers in its sentences; nasty texts have others.
var ownCommands = []string{"/settings", "/help", "/privacy", "/assistant"}

// touchable are the kinds of entities that the bot asks for in nobody's words.
var touchable = []string{"mention", "text_mention", "url", "text_link", "bot_command", "hashtag", "cashtag", "email",
	"phone_number"}

// unclosed counts what turns writing around and does not end in its text; negative where more ends than began.
func unclosed(text string) (open int) {
	for _, r := range text {
		switch {
		case r >= '\u2066' && r <= '\u2068' || r >= '\u202a' && r <= '\u202b' || r >= '\u202d' && r <= '\u202e':
			open++
		case r == '\u2069' || r == '\u202c':
			if open--; open < 0 {
				return open
			}
		}
	}
	return open
}

// spice turns what persons of a scene are called, buy and write into nasty texts.
type spice struct {
	next  func() string
	plain []string // what stood there before
}

// person is them under another name.
func (s *spice) person(p bot.Person) bot.Person {
	if s != nil && p.Name != "" {
		s.plain = append(s.plain, p.Name)
		p.Name = taken(s.next(), "name")
	}
	return p
}

// order is of things with other names.
func (s *spice) order(o bot.Order) bot.Order {
	for i := range o.Items {
		if s != nil {
			s.plain = append(s.plain, o.Items[i].Title)
			o.Items[i].Title = taken(s.next(), "title")
		}
	}
	return o
}

// words are what somebody writes: sentences get more behind them, and what is asked of the bot stays.
func (s *spice) words(text string) string {
	if s == nil || !strings.ContainsAny(text, " ") || !strings.ContainsAny(text[len(text)-1:], ".?!") {
		return text
	}
	return text + " " + cut(s.next(), 400)
}

// alike says whether a button is the one that a transcript calls so, whatever people and things in it are called now.
func (s *spice) alike(shown, label string) bool {
	if s == nil {
		return false
	}
	for _, called := range s.plain {
		before, after, ok := strings.Cut(label, called)
		begin, isCut := strings.CutSuffix(shown, "…")
		_, begin, _ = strings.Cut(begin, ". ")
		if ok && strings.HasPrefix(shown, before) && strings.HasSuffix(shown, after) || ok && isCut &&
			strings.HasPrefix(begin, before) {
			return true
		}
	}
	return false
}

// finds says whether a press can be made: where nasty words have changed the course, its button may not be there.
func (sc *scene) finds(line string) bool {
	who, what, _ := strings.Cut(strings.TrimPrefix(line, "& "), ": ")
	label, isPress := strings.CutPrefix(what, "[")
	if !isPress || strings.HasPrefix(label, "!") || strings.Contains(label, "] of ") {
		return true
	}
	old, ever := strings.CutPrefix(strings.TrimSuffix(strings.TrimSuffix(label, "]"), "]"), "[")
	if sc.chats[who] == nil {
		_, ok := sc.desk.token(old, ever)
		return ok
	}
	return sc.offer(who, old, ever).carries != ""
}
