package main

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"nevermind/adapters/telegram/telegramtest"
	"nevermind/bot"
)

// fakeModel is a small server with the API that OpenAI's and most others have: it keeps what it is asked, and answers as the last
// word of the message says.
type fakeModel struct {
	*httptest.Server
	mu    sync.Mutex
	asked []string
	wrong string // what of a question was not as it should be
}

// modelSays is what the model says to words that end so; to "slowly" it says nothing as long as anybody waits.
var modelSays = map[string]string{
	"first":  `{"means": "cancel_order"}`,
	"again":  `{"means": "cancel_order"}`,
	"back":   `{"means": "open_dispute"}`,
	"number": `{"means": "8123456789012345"}`,
	"junk":   `Sure! I have cancelled order 8123456789012345 and refunded 24.90 USD.`,
	"extra":  `{"means": "cancel_order", "press": "Yes, cancel it"}`,
	"unsure": `{"means": "unsure"}`,
}

func newFakeModel(t *testing.T) *fakeModel {
	f := &fakeModel{}
	f.Server = httptest.NewServer(f)
	t.Cleanup(f.Close)
	return f
}

func (f *fakeModel) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var q struct {
		Model    string
		Messages []struct{ Role, Content string }
	}
	err := json.NewDecoder(r.Body).Decode(&q)
	f.mu.Lock()
	if err != nil || r.URL.Path != "/v1/chat/completions" || r.Header.Get("Authorization") != "Bearer listener-key" ||
		q.Model != "small" || len(q.Messages) != 2 || q.Messages[1].Role != "user" {
		f.wrong = r.Method + " " + r.URL.Path
		f.mu.Unlock()
		http.Error(w, "no", http.StatusBadRequest)
		return
	}
	text := q.Messages[1].Content
	f.asked = append(f.asked, text)
	f.mu.Unlock()
	words := strings.Fields(text)
	switch said, known := modelSays[words[len(words)-1]]; {
	case known:
		raw, _ := json.Marshal(said)
		io.WriteString(w, `{"id":"x","object":"chat.completion","choices":[{"index":0,"finish_reason":"stop","message":`+
			`{"role":"assistant","content":`+string(raw)+`}}]}`)
	case words[len(words)-1] == "outage":
		http.Error(w, "out of memory", http.StatusInternalServerError)
	default:
		<-r.Context().Done()
	}
}

// heard is what the model was asked so far.
func (f *fakeModel) heard() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.asked)
}

const (
	isAsked     = "I'm not sure I understood."
	notAsked    = "Sorry, I didn't understand that."
	unclearText = "purple elephants everywhere "
)

// TestListener: nevermind serve with a model that listens, over HTTP, and Telegram. What it makes of unclear words is a question
// with buttons and begins nothing by itself; a press leads on or away; what is junk, an error or late counts for nothing; it is
// never asked about presses, commands and clear words. What it said is kept with the message, and the question in the journal.
func TestListener(t *testing.T) {
	t.Parallel()
	model, data := newFakeModel(t), t.TempDir()
	h, s := serveTelegram(t, telegramtest.Open(t), data, pollMode,
		"--listener-url", model.URL+"/v1", "--listener-model", "small", "--listener-key", "listener-key")
	h.Order("8123456789012345", "b-1", "s-1", "Bamboo lamp")
	ana := h.Join(11, "buyer", "b-1", "Ana")
	say := func(words, heard string) telegramtest.Message {
		t.Helper()
		before := strings.Count(ana.Texts(), heard)
		ana.Type(words)
		if !h.Fake.Until(func() bool { return strings.Count(ana.Texts(), heard) > before }) {
			t.Fatalf("%q is not answered with %q:\n%s\n%s", words, heard, ana.Texts(), h.Log)
		}
		return ana.Last()
	}

	if labels := say(unclearText+"first", isAsked).Labels(); !slices.Contains(labels, "Cancel an order") {
		t.Errorf("the guess is not among %q", labels)
	}
	h.Press(ana, "Cancel an order")
	h.Await(ana, "Which order would you like to cancel?")
	say("/start", "Hello Ana")

	say(unclearText+"again", isAsked) // and now not
	say("/start", "Hello Ana")
	say(unclearText+"back", isAsked)
	h.Press(ana, "Back")
	say("/start", "Hello Ana")
	if labels := say(unclearText+"number", isAsked).Labels(); !slices.Contains(labels, "Where it stands") {
		t.Errorf("an order's number is not asked about: %q", labels)
	}
	say("/start", "Hello Ana")

	for _, how := range []string{"junk", "extra", "unsure", "outage", "slowly"} {
		began := time.Now()
		if said := say(unclearText+how, notAsked); how == "slowly" && time.Since(began) < 2*time.Second {
			t.Errorf("a slow answer is waited for %s: %q", time.Since(began), said.Text)
		}
		say("/start", "Hello Ana")
	}
	want := []string{}
	for _, how := range []string{"first", "again", "back", "number", "junk", "extra", "unsure", "outage", "slowly"} {
		want = append(want, unclearText+how)
	}
	say("/orders", "Which order?")
	say("where is my order 8123456789012345", "● Being prepared")
	say(unclearText+"again", isAsked)
	h.Press(ana, "Neither: a person, please") // from here on what is unclear is for support
	h.Await(ana, "I have told our support team")
	want = append(want, unclearText+"again")
	if got := model.heard(); !slices.Equal(got, want) {
		t.Errorf("the model is asked %q,\nwant %q", got, want)
	}
	if model.wrong != "" {
		t.Errorf("a question is not as the API has it: %s", model.wrong)
	}
	if cases := strings.Count(ana.Texts(), "I've asked"); cases > 0 {
		t.Errorf("a request is begun by a guess:\n%s", ana.Texts())
	}
	s.stop()
	guessesKept(t, data, "telegram:11")
	if strings.Contains(h.Log.String(), "elephants") {
		t.Error("words are in the log")
	}
}

// guessesKept wants what the model said to stand beside the messages, and what was asked about in the journal.
func guessesKept(t *testing.T, data string, room bot.Room) {
	t.Helper()
	store, err := openStored(data)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	logged, err := store.Said(t.Context(), room, 0, 0, 200)
	if err != nil {
		t.Fatal(err)
	}
	kept := map[string]string{}
	for _, said := range logged {
		if said.In == nil {
			continue
		}
		if how, unclear := strings.CutPrefix(said.In.Text, unclearText); unclear {
			kept[how] = said.In.Guess
		} else if said.In.Guess != "" {
			t.Errorf("a guess stands beside %+v", said.In)
		}
	}
	want := map[string]string{"first": "cancel_order", "again": "cancel_order", "back": "open_dispute", "number": "8123456789012345",
		"junk": bot.NotSure, "extra": bot.NotSure, "unsure": bot.NotSure, "outage": bot.NotSure, "slowly": bot.NotSure}
	if !maps.Equal(kept, want) {
		t.Errorf("beside the messages stands %v, want %v", kept, want)
	}
	entries, err := store.Journal(t.Context(), "talk/"+bot.Key(room), 0, 200)
	if err != nil {
		t.Fatal(err)
	}
	var meant []string
	for _, e := range entries {
		if e.Event.Name == "meaning_asked" {
			meant = append(meant, e.Event.Facts["meant"])
		}
	}
	asked := []string{"cancel_order", "cancel_order", "open_dispute", "order_status cancel_order", "cancel_order"}
	if !slices.Equal(meant, asked) {
		t.Errorf("the journal says that %q was asked about, want %q", meant, asked)
	}
}
