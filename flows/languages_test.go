package flows_test

import (
	"flag"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"nevermind/adapters/web"
	"nevermind/bot"
	"nevermind/flows"
	"nevermind/flows/transcript"
	"nevermind/flows/words"
	"nevermind/store/encryption"
)

var everyLanguage = flag.Bool("languages", false, "play every transcript in every language, which takes minutes")

// aFew are the transcripts that are played in Arabic, the language that asks most, where -languages does not ask for all.
var aFew = []string{"cancel/usual", "case/rejected_negotiated_partial", "dispute/damaged_partial", "settings/buyer"}

// notInOthers are not played in other languages: people change theirs, or the policy's own replies are English.
var notInOthers = []string{"settings/language", "desk/canned"}

// TestLanguages plays transcripts in other languages: each goes just as in English, and what is shown is in the language, with
// nothing left of the English and no {name} lost, on buttons that fit and can be typed.
func TestLanguages(t *testing.T) {
	catalog, err := flows.Catalog()
	if err != nil {
		t.Fatal(err)
	}
	english := englishSegments(t)
	for _, l := range words.Languages[1:] {
		if l.Code != "ar" && !*everyLanguage {
			continue
		}
		for _, file := range transcripts(t) {
			name := strings.TrimSuffix(strings.TrimPrefix(file, "testdata/"), ".chat")
			if !*everyLanguage && !slices.Contains(aFew, name) || slices.Contains(notInOthers, name) {
				continue
			}
			t.Run(l.Code+"/"+name, func(t *testing.T) {
				t.Parallel()
				text, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				playIn(t, string(text), l.Code, catalog, english)
			})
		}
	}
}

// playIn plays a transcript in a language and, a line behind, in English.
func playIn(t *testing.T, text, language string, catalog bot.Catalog, english []string) {
	header, lines := transcript.Split(text)
	s := newStageIn(t, header, language, catalog, encryption.Master{})
	s.english, s.typedBefore = newStage(t, header), map[string]bool{}
	for line := range strings.Lines(text) {
		step, ok := strings.CutSuffix(line, "\n")
		if !ok || !lines[step] {
			continue
		}
		if _, said, _ := strings.Cut(step, ": "); len(said) > 20 {
			s.typedBefore[said] = true
		}
		for _, on := range []*stage{s, s.english} {
			played, held := strings.CutPrefix(step, "& ")
			on.held = held
			on.line(played)
			if !held {
				on.drain()
				on.pass()
			}
		}
		if !s.alike(step, english) {
			return
		}
	}
	s.boards(catalog, english)
}

// boards looks at what Slack's home tab and its command show of it all: to an agent, the seller, and somebody who sees nothing.
func (s *stage) boards(catalog bot.Catalog, english []string) {
	queries := []flows.BoardQuery{{Kind: flows.BoardDesk}}
	for _, order := range s.orders {
		queries = append(queries, flows.BoardQuery{Kind: flows.BoardOrder, ID: order})
	}
	for _, who := range []string{"Mira", "Lumen", "Ana"} {
		reader := cast[who]
		reader.Language = s.language
		for _, q := range queries {
			b, err := flows.DeskBoard(q, &reader, s.now, boardFacts{s}, catalog)
			s.must(err)
			shown := []string{b.Title, b.Text, b.Foot}
			for _, f := range b.Figures {
				shown = append(shown, f.Words)
			}
			for _, l := range b.Lists {
				shown = append(shown, l.Title, l.Empty)
				for _, line := range l.Lines {
					shown = append(shown, line.Title, line.Text)
				}
			}
			for _, words := range shown {
				s.shown("a board for "+who, words, english)
			}
		}
	}
}

// boardFacts reads the stage for a board.
type boardFacts struct{ s *stage }

func (f boardFacts) Filed(term string, n int) (found []bot.Conversation, err error) {
	keys, err := f.s.store.Find(f.s.t.Context(), term, "", n)
	for _, key := range keys {
		c, err := f.s.store.Conversation(f.s.t.Context(), key)
		f.s.must(err)
		found = append(found, c)
	}
	return found, err
}

func (f boardFacts) Order(id string) (bot.Order, error) { return f.s.store.Order(f.s.t.Context(), id) }

func (f boardFacts) Person(id bot.PersonID) (bot.Person, error) {
	return f.s.store.Person(f.s.t.Context(), id)
}

func (f boardFacts) Week() (bot.ReportGroup, bool) { return f.s.report(bot.ReportQuery{}).All, true }

func (f boardFacts) Countdowns(key bot.Key, reader *bot.Person) ([]bot.Countdown, error) {
	return f.s.engine.Countdowns(f.s.t.Context(), key, reader)
}

// forms looks at what a modal asks where a button has one: by Slack the fields are asked for all at once.
func (s *stage) forms(step string, r *bot.Reply, english []string) {
	account := string(r.Room)
	if r.Room == roomOf("Mira") {
		account = "stage:mira"
	}
	for _, b := range pressable(r) {
		title, fields, err := s.engine.Form(s.t.Context(), bot.Message{Room: r.Room, Press: b.Token, Account: account})
		if err != nil {
			s.t.Errorf("%s: the form of %s: %v", step, b.Label, err)
		}
		s.shown(step, title, english)
		for _, f := range fields {
			s.shown(step, f.Ask, english)
			for _, o := range f.Options {
				s.shown(step, o.Label, english)
			}
		}
	}
}

// typed is what somebody types: the label of a button of theirs in their own language, where the transcript has its English.
func (s *stage) typed(who, text string) string {
	if s.english == nil {
		return text
	}
	for i, b := range slices.Backward(s.english.bubbles[roomOf(who)]) {
		if b.reply.From.Kind() != "talk" {
			continue // a card takes no labels
		}
		for j, c := range b.buttons(false) {
			if strings.EqualFold(c.Label, text) {
				return s.bubbles[roomOf(who)][i].buttons(false)[j].Label
			}
		}
	}
	return text
}

// alike says whether a line has led to the same in both languages, and reports what is wrong with what is shown.
func (s *stage) alike(step string, english []string) bool {
	e := s.english
	defer func() { s.news, s.entries, s.answers, e.news, e.entries, e.answers = nil, nil, nil, nil, nil, nil }()
	if got, want := movesOf(s), movesOf(e); got != want {
		s.t.Errorf("%s\nmoves %s\nin English %s", step, got, want)
		return false
	}
	if len(s.news) != len(e.news) {
		s.t.Errorf("%s\nshows %d messages, in English %d", step, len(s.news), len(e.news))
		return false
	}
	for i, b := range s.news {
		w := e.news[i]
		got, want := pressable(&b.reply), pressable(&w.reply)
		if b.mode != w.mode || b.reply.Room != w.reply.Room || len(got) != len(want) || (b.reply.Text == "") != (w.reply.Text == "") {
			s.t.Errorf("%s\nshows another message than in English:\n%s\n%s", step, b.reply.Text, w.reply.Text)
			return false
		}
		s.shown(step, b.reply.Title, english)
		s.shown(step, b.reply.Text, english)
		s.labels(step, got, want, english)
		s.forms(step, &b.reply, english)
	}
	return true
}

// movesOf are the lines of the journal that were written since the last line.
func movesOf(s *stage) string {
	var all []string
	for i := range s.entries {
		all = append(all, moved(&s.entries[i]))
	}
	return strings.Join(all, "; ")
}

// TestMenus: what the demo page's menus type in a language is understood as in English.
func TestMenus(t *testing.T) {
	catalog, err := flows.Catalog()
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range words.Languages[1:] {
		s := newStageIn(t, "", l.Code, catalog, encryption.Master{})
		s.english = newStage(t, "")
		for who, party := range map[string]bot.Party{"Ana": bot.Buyer, "Lumen": bot.Seller, "Mira": bot.Support} {
			for _, c := range web.UsualMenu[party] {
				own, _ := catalog.Text(l.Code, c.Label)
				s.say(who, bot.Message{Text: own})
				s.drain()
				s.english.say(who, bot.Message{Text: c.Text})
				s.english.drain()
				if !s.alike(who+": "+own, nil) {
					t.Errorf("%s: %q is heard otherwise than %q", l.Code, own, c.Text)
				}
			}
		}
	}
}

// labels holds buttons against the platforms' limits, and against each other: typed, each has to be told from the others.
func (s *stage) labels(step string, got, want []bot.Button, english []string) {
	typed := map[string]string{}
	for i, b := range got {
		s.shown(step, b.Label, english)
		if n := utf8.RuneCountInString(b.Label); n > words.LabelLimit && utf8.RuneCountInString(want[i].Label) <= words.LabelLimit {
			s.t.Errorf("%s: a button of %d characters: %s", step, n, b.Label)
		}
		plain := onlyLetters(b.Label)
		if other, twice := typed[plain]; (twice && other != onlyLetters(want[i].Label)) || plain == "" {
			s.t.Errorf("%s: a button that cannot be told from another: %s (%s)", step, b.Label, want[i].Label)
		}
		typed[plain] = onlyLetters(want[i].Label)
	}
}

// onlyLetters is a label as it is compared with what was typed.
func onlyLetters(label string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, label)
}

var (
	leftName = regexp.MustCompile(`\{[a-z_]+\}`)
	quotes   = regexp.MustCompile(`[“„«][^”“»]*[”“»]`)
)

// shown reports English words and {names} that stand in a text of another language. What people wrote is theirs.
func (s *stage) shown(step, text string, english []string) {
	if name := leftName.FindString(text); name != "" {
		s.t.Errorf("%s\nshows %s: %s", step, name, text)
	}
	for said := range s.typedBefore {
		text = strings.ReplaceAll(text, said, "…")
	}
	bare := quotes.ReplaceAllString(quotes.ReplaceAllString(text, "…"), "…") // quotations stand in quotations
	for _, segment := range english {
		if strings.Contains(bare, segment) {
			s.t.Errorf("%s\nshows English (%q):\n%s", step, segment, text)
			return
		}
	}
}

// englishSegments are what of each English text stands between its {names}, where that is enough to be known by.
func englishSegments(t *testing.T) (all []string) {
	texts, err := words.English()
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range texts {
		for _, segment := range strings.Split(leftName.ReplaceAllString(x.English, "\x00"), "\x00") {
			if segment = strings.Trim(segment, " .,:;“”()\n"); strings.Count(segment, " ") >= 2 && len(segment) >= 12 {
				all = append(all, segment)
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}
