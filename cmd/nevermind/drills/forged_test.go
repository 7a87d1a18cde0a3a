package drills

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"nevermind/adapters/shop"
	"nevermind/adapters/shop/connector"
	"nevermind/adapters/shop/rest"
	"nevermind/adapters/slack"
	"nevermind/adapters/telegram"
	"nevermind/bot"
	"nevermind/bot/engine"
	"nevermind/flows/policies"
	"nevermind/store/bolt"
)

// forgeries is how many of each kind are tried: a million in a drill.
func forgeries() int {
	if long {
		return 1_000_000
	}
	return 4000
}

// forgers is how many try at once.
const forgers = 8

// forged tries so many forgeries, from several at once, each with dice of its own.
func forged(t *testing.T, try func(dice *rand.Rand, n int)) {
	var all sync.WaitGroup
	for who := range forgers {
		all.Go(func() {
			dice := rand.New(rand.NewPCG(19, uint64(who)))
			for n := who; n < forgeries(); n += forgers {
				try(dice, n)
			}
		})
	}
	all.Wait()
}

// signs are what a forged secret is made of.
const signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/="

// forge makes a secret into another one: one sign changed, two swapped, cut, longer, or guessed.
func forge(dice *rand.Rand, secret string) string {
	for {
		b := []byte(secret)
		i, j, sign := dice.IntN(len(b)), dice.IntN(len(b)), signs[dice.IntN(len(signs))]
		switch dice.IntN(5) {
		case 0:
			b[i] = sign
		case 1:
			b[i], b[j] = b[j], b[i]
		case 2:
			b = b[:i]
		case 3:
			b = append(b, sign)
		default:
			for n := range b {
				b[n] = signs[dice.IntN(len(signs))]
			}
		}
		if string(b) != secret {
			return string(b)
		}
	}
}

// door is where requests come in: what a real one has in each header, which of them are secrets, and whether its body is signed.
type door struct {
	name, method, path string
	handler            http.Handler
	body               string
	header             map[string]string
	secrets            map[string]string // by header: the part of it that nobody may change
	signed             bool
}

// knock sends a request and returns the status of the answer.
func (d *door) knock(header map[string]string, body string) int {
	r := httptest.NewRequest(d.method, d.path, strings.NewReader(body))
	for name, value := range header {
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	d.handler.ServeHTTP(w, r)
	return w.Code
}

// forged is a request that is not what it says: a header is missing or has a forged secret, or the body is not what was signed.
func (d *door) forged(dice *rand.Rand) (header map[string]string, body string) {
	header, body = maps.Clone(d.header), d.body
	names := slices.Sorted(maps.Keys(d.secrets))
	name := names[dice.IntN(len(names))]
	switch n := dice.IntN(10); {
	case n == 0:
		delete(header, name)
	case n < 4 && d.signed:
		body = forge(dice, body)
	default:
		header[name] = strings.Replace(header[name], d.secrets[name], forge(dice, d.secrets[name]), 1)
	}
	return header, body
}

// TestForgedRequestsDrill knocks at each door with requests that are none of the platform's or the shop's: every one is refused.
func TestForgedRequestsDrill(t *testing.T) {
	t.Parallel()
	doors := doors(t)
	for _, d := range doors {
		if got := d.knock(d.header, d.body); got == http.StatusUnauthorized {
			t.Fatalf("%s: a true one is answered with %d", d.name, got)
		}
	}
	var refused, accepted atomic.Int64
	forged(t, func(dice *rand.Rand, n int) {
		d := doors[n%len(doors)]
		header, body := d.forged(dice)
		switch got := d.knock(header, body); got {
		case http.StatusUnauthorized, http.StatusTooManyRequests: // who guesses often is told to wait; the true key gets in
			refused.Add(1)
		default:
			accepted.Add(1)
			t.Errorf("%s: answered with %d: %q %q", d.name, got, header, body)
		}
	})
	for _, d := range doors {
		if got := d.knock(d.header, d.body); got == http.StatusUnauthorized || got == http.StatusTooManyRequests {
			t.Errorf("%s: a true one is answered with %d afterwards", d.name, got)
		}
	}
	t.Logf("%d forged requests at %d doors: %d refused, %d accepted", forgeries(), len(doors), refused.Load(), accepted.Load())
}

// doors are those of Telegram, Slack, the shop's events and the shop's API.
func doors(t *testing.T) []*door {
	stamp := fmt.Sprint(time.Now().Unix())
	return []*door{telegramDoor(t), slackDoor(t, stamp), eventsDoor(t), apiDoor(t)}
}

func telegramDoor(t *testing.T) *door {
	secret := mintSecret()
	a, err := telegram.New(telegram.Config{Token: "1:a", Webhook: "https://house.test/telegram/webhook", Secret: secret})
	must(t, err)
	const name = "X-Telegram-Bot-Api-Secret-Token"
	return &door{name: "Telegram", method: http.MethodPost, path: "/telegram/webhook", handler: a.Handler(), body: `{"update_id":1}`,
		header: map[string]string{name: secret}, secrets: map[string]string{name: secret}}
}

func slackDoor(t *testing.T, stamp string) *door {
	secret, now := mintSecret(), time.Now()
	a, err := slack.New(slack.Config{BotToken: "xoxb-1", SigningSecret: secret, Channel: "C1", Now: func() time.Time { return now }})
	must(t, err)
	const body = `{"type":"url_verification","challenge":"3eZ"}`
	mac := hmac.New(sha256.New, []byte(secret))
	fmt.Fprintf(mac, "v0:%s:%s", stamp, body)
	sum := hex.EncodeToString(mac.Sum(nil))
	return &door{name: "Slack", method: http.MethodPost, path: "/slack/events", handler: a.Handler(), body: body, signed: true,
		header:  map[string]string{"X-Slack-Signature": "v0=" + sum, "X-Slack-Request-Timestamp": stamp},
		secrets: map[string]string{"X-Slack-Signature": sum, "X-Slack-Request-Timestamp": stamp}}
}

func eventsDoor(t *testing.T) *door {
	secret, body, at := "whsec_"+mintSecret()+mintSecret(), `{"data":{"order_id":"8123"}}`, time.Now()
	signer, err := standardwebhooks.NewWebhook(secret)
	must(t, err)
	signature, err := signer.Sign("m-1", at, []byte(body))
	must(t, err)
	s := connector.New(noSystem{}, connector.Config{Now: time.Now})
	events, err := s.Events(secret)
	must(t, err)
	stamp := fmt.Sprint(at.Unix())
	return &door{name: "the shop's events", method: http.MethodPost, path: "/shop/events", handler: events, body: body, signed: true,
		header:  map[string]string{"Webhook-Id": "m-1", "Webhook-Timestamp": stamp, "Webhook-Signature": signature},
		secrets: map[string]string{"Webhook-Id": "m-1", "Webhook-Timestamp": stamp, "Webhook-Signature": signature}}
}

func apiDoor(t *testing.T) *door {
	h := newForgeable(t)
	keys, err := rest.OpenKeys(t.Context(), h.store, time.Now)
	must(t, err)
	key, err := keys.Add(t.Context(), "import", rest.Scopes)
	must(t, err)
	api := rest.New(rest.Config{Keys: keys, Engine: h.engine, Put: h.engine.PutOrder})
	return &door{name: "the API", method: http.MethodGet, path: "/v1/orders/" + forgedOrder, handler: api,
		header:  map[string]string{"Authorization": "Bearer " + key},
		secrets: map[string]string{"Authorization": key}}
}

// mintSecret is a secret as nobody could guess it.
func mintSecret() string {
	sum := sha256.Sum256(fmt.Append(nil, "forged ", rand.Uint64()))
	return hex.EncodeToString(sum[:20])
}

// noSystem is a shop that knows no order.
type noSystem struct{ connector.System }

// Orders finds none.
func (noSystem) Orders(context.Context, ...string) ([]connector.Order, error) { return nil, nil }

// TestForgedTokensDrill shows keys of the API, an assistant's tokens and one-time links that nobody was ever given: none opens
// anything.
func TestForgedTokensDrill(t *testing.T) {
	t.Parallel()
	h := newForgeable(t)
	keys, err := rest.OpenKeys(t.Context(), h.store, time.Now)
	must(t, err)
	key, err := keys.Add(t.Context(), "import", rest.Scopes)
	must(t, err)
	api := &door{method: http.MethodGet, path: "/v1/orders/" + forgedOrder,
		handler: rest.New(rest.Config{Keys: keys, Engine: h.engine, Put: h.engine.PutOrder})}
	assistants := h.connect(t)
	link, _, err := h.engine.Invite(t.Context(), bot.Person{ID: "buyer:b-1", Name: "Ana"})
	must(t, err)
	var accepted atomic.Int64
	forged(t, func(dice *rand.Rand, n int) {
		opens := ""
		switch {
		case n%100 == 0:
			stranger := fmt.Sprint("stage:eve-", n)
			if err := h.engine.Receive(t.Context(), bot.Message{ID: fmt.Sprint("l", n), Room: bot.Room(stranger), Account: stranger,
				Link: forge(dice, link)}); err != nil {
				t.Errorf("a forged link ends in %v", err)
			}
		case n%2 == 0:
			if _, err := h.engine.Assistants().Of(t.Context(), forge(dice, assistants)); err == nil {
				opens = "an assistant's token"
			}
		default:
			if got := api.knock(map[string]string{"Authorization": "Bearer " + forge(dice, key)}, ""); got < 400 {
				opens = "a key"
			}
		}
		if opens != "" {
			accepted.Add(1)
			t.Errorf("%s opens something", opens)
		}
	})
	if h.asksWhose(t) {
		accepted.Add(1)
		t.Error("a link opens something")
	}
	if got := api.knock(map[string]string{"Authorization": "Bearer " + key}, ""); got != http.StatusOK {
		t.Errorf("the true key is answered with %d", got)
	}
	if who, err := h.engine.Assistants().Of(t.Context(), assistants); err != nil || who.ID != "buyer:b-1" {
		t.Errorf("the assistant's true token is %q's, %v", who.ID, err)
	}
	must(t, h.engine.Receive(t.Context(), bot.Message{ID: "true", Room: "stage:new", Account: "stage:new", Link: link}))
	if !h.asksWhose(t) {
		t.Error("the true link opens nothing")
	}
	t.Logf("%d forged tokens: %d accepted", forgeries(), accepted.Load())
}

// TestForgedPressesDrill presses buttons that nobody was offered, and others' own: the case stands where it stood, and the true
// press still counts.
func TestForgedPressesDrill(t *testing.T) {
	t.Parallel()
	h := newForgeable(t)
	h.ask(t)
	accept, offered := h.desk.token("Cancel and refund 24.90 USD", false)
	if !offered {
		t.Fatal("the seller has no button")
	}
	strangers := []bot.Message{
		{Room: "stage:ana", Account: "stage:ana"}, {Room: "stage:lumen", Account: "stage:ana"},
		{Room: "stage:eve", Account: "stage:eve"}, {Room: "stage:lumen", Account: "stage:eve"}, {Room: "stage:lumen"},
		{Room: "stage:desk", Account: "stage:mira"}, {Room: "stage:group", Account: "stage:lumen", Public: true},
	}
	key := bot.Key("case/" + forgedOrder + "/0")
	before, err := h.store.Conversation(t.Context(), key)
	must(t, err)
	forged(t, func(dice *rand.Rand, n int) {
		m := bot.Message{Room: "stage:lumen", Account: "stage:lumen", Press: forge(dice, accept)}
		if n%10 == 0 {
			m = strangers[dice.IntN(len(strangers))]
			m.Press = accept
		}
		m.ID = fmt.Sprint("p", n)
		if _, _, err := h.engine.ReceivePress(t.Context(), m); err != nil {
			t.Errorf("a forged press ends in %v", err)
		}
	})
	after, err := h.store.Conversation(t.Context(), key)
	must(t, err)
	if after.State != before.State || after.Frame.Visit != before.Frame.Visit {
		t.Errorf("the case went from %s to %s", before.State, after.State)
	}
	must(t, h.engine.Receive(t.Context(), bot.Message{ID: "true", Room: "stage:lumen", Account: "stage:lumen", Press: accept}))
	last, err := h.store.Conversation(t.Context(), key)
	must(t, err)
	if last.State == before.State {
		t.Error("the true press does not count")
	}
	t.Logf("%d forged presses: 0 accepted, the case stood at %s", forgeries(), after.State)
}

// forgeable is a house with one order, and a buyer, a seller and an agent whose platform is the desk.
type forgeable struct {
	store  *bolt.Store
	engine *engine.Engine
	desk   *supportDesk
}

const forgedOrder = "81000001"

func newForgeable(t *testing.T) *forgeable {
	t.Helper()
	store, err := bolt.Open(filepath.Join(t.TempDir(), "db"), bolt.NoSync())
	must(t, err)
	t.Cleanup(func() { must(t, store.Close()) })
	pack, err := policies.Default()
	must(t, err)
	pack.Policy.Choices["assistants"] = "on"
	h := &forgeable{store: store, desk: &supportDesk{}}
	book := &shop.Book{Now: time.Now}
	h.engine, err = engine.New(t.Context(), engine.Config{Store: store, Ruleset: ruleset(t), Policy: pack.Policy, Now: time.Now,
		Adapters: []bot.Adapter{h.desk}, Hands: book.Hands()})
	must(t, err)
	book.Shelf = h.engine
	for id, at := range map[bot.PersonID]bot.Room{
		bot.Desk: "stage:desk", "buyer:b-1": "stage:ana", "seller:s-1": "stage:lumen", "support:mira": "",
	} {
		p := bot.Person{ID: id, Name: "P", Language: "en", Accounts: []string{string(at)}}
		if at == "" {
			p.Accounts = []string{"stage:mira"}
		} else {
			p.Rooms = []bot.Room{at}
		}
		_, err := h.engine.PutPerson(t.Context(), p)
		must(t, err)
	}
	usd := func(minor int64) bot.Money { return bot.Money{Minor: minor, Currency: "USD"} }
	paid := time.Now().Add(-48 * time.Hour)
	_, err = h.engine.PutOrder(t.Context(), bot.Order{ID: forgedOrder, Buyer: "buyer:b-1", Seller: "seller:s-1",
		Stage: bot.Processing, Method: "card", Placed: paid, Paid: paid, Updated: paid, Total: usd(2490), Shipping: usd(250),
		Items: []bot.Item{{ID: "1", Title: "Lamp", Quantity: 1, Price: usd(2240)}}})
	must(t, err)
	return h
}

// ask walks the buyer to an open request.
func (h *forgeable) ask(t *testing.T) {
	t.Helper()
	h.say(t, bot.Message{ID: "a1", Text: "cancel " + forgedOrder})
	for n, label := range []string{"I don't need it any more", "Yes, ask the seller"} {
		token, offered := h.desk.token(label, false)
		if !offered {
			t.Fatalf("there is no button %q", label)
		}
		h.say(t, bot.Message{ID: fmt.Sprint("b", n), Press: token})
	}
}

// say lets the buyer send words or press, and does all that follows.
func (h *forgeable) say(t *testing.T, m bot.Message) {
	t.Helper()
	m.Room, m.Account = "stage:ana", "stage:ana"
	must(t, h.engine.Receive(t.Context(), m))
	must(t, h.engine.Drain(t.Context()))
}

// assistantsCode is how a code for an assistant is said.
var assistantsCode = regexp.MustCompile(`[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}`)

// connect connects an assistant of the buyer's and returns its token.
func (h *forgeable) connect(t *testing.T) string {
	t.Helper()
	h.say(t, bot.Message{ID: "as", Text: "/assistant"})
	code := ""
	for _, b := range h.desk.said() {
		code = cmp.Or(assistantsCode.FindString(strings.Join(b.text, " ")), code)
	}
	token, err := h.engine.Assistants().Connect(t.Context(), code, "Claude")
	must(t, err)
	return token
}

// asksWhose says whether anybody was asked whether a link is theirs.
func (h *forgeable) asksWhose(t *testing.T) bool {
	t.Helper()
	must(t, h.engine.Drain(t.Context()))
	_, asked := h.desk.token("Yes, that's me", true)
	return asked
}
