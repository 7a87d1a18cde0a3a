package drills

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"nevermind/adapters/shop/hook/hooktest"
	"nevermind/adapters/slack/slacktest"
	"nevermind/bot"
)

// slackKills is how often the program is killed in each of the two modes, and slackCases how many cases run meanwhile.
func slackKills() (kills, cases int) {
	if long {
		return 100, 25
	}
	return 5, 4
}

// TestKillSlack kills the program at random while cases run on Slack alone, buyer, seller and support, by Socket Mode and
// by HTTP: no press, message or verdict is lost or counts twice, nothing is said twice, and every card is current afterwards.
func TestKillSlack(t *testing.T) {
	onlyInCI(t)
	for name, socket := range map[string]bool{"socket": true, "http": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			newOffice(t, socket).drill()
		})
	}
}

// office is a Slack workspace whose program dies again and again.
type office struct {
	*slacktest.Slack
	t       *testing.T
	socket  bool
	data    string
	where   []string // the settings of its store; none is a file in data
	opens   func() (bot.Store, error)
	url     string
	kills   int
	dice    *rand.Rand
	cases   []*slackCase
	desks   [2]sync.Mutex // an agent has one form open at a time
	passed  atomic.Int64
	allowed atomic.Int64
	again   atomic.Int64 // how often something had to be sent again
	mu      sync.Mutex
	sent    []string // the ids of presses and forms that were acknowledged
}

// slackCase is one order, with a buyer and a seller of its own.
type slackCase struct {
	*office
	order, buyer, seller string
	n                    int
}

// slackActs is how many things people do about one case.
const slackActs = 8

func newOffice(t *testing.T, socket bool) *office {
	kills, cases := slackKills()
	o := &office{Slack: slacktest.New(t, nil), t: t, socket: socket, data: t.TempDir(), kills: kills,
		dice: rand.New(rand.NewPCG(7, uint64(kills)))}
	o.opens = storedIn(o.data)
	o.Retry(1_000_000, 20*time.Millisecond)
	people := []slacktest.Person{{ID: "UMIRA", Name: "Mira"}, {ID: "UJONAS", Name: "Jonas"}}
	for i := range cases {
		c := &slackCase{o, fmt.Sprint(920001 + i), fmt.Sprint("UB", i), fmt.Sprint("US", i), i}
		people = append(people, slacktest.Person{ID: c.buyer, Name: "Ana"}, slacktest.Person{ID: c.seller, Name: "Lumen"})
		o.cases = append(o.cases, c)
	}
	for _, p := range people {
		o.Person(p)
		o.Direct(p.ID)
	}
	o.Channel("C0DESK", "UMIRA", "UJONAS")
	return o
}

// drill links everybody, then kills and starts while people go on, and looks at what is left.
func (o *office) drill() {
	begun := time.Now()
	first := o.begin()
	o.up(first)
	for _, c := range o.cases {
		c.furnish()
	}
	o.Settle()
	first.kill()
	ctx, cancel := context.WithTimeout(o.t.Context(), 8*time.Minute)
	defer cancel()
	go func() {
		for ctx.Err() == nil {
			o.Again()
			time.Sleep(5 * time.Millisecond)
		}
	}()
	var working sync.WaitGroup
	for _, c := range o.cases {
		working.Go(func() { c.play(ctx) })
	}
	unborn, early := o.killAll(ctx)
	o.allowed.Store(1 << 30)
	last := o.begin()
	o.up(last)
	limit := time.AfterFunc(patience, cancel)
	working.Wait()
	limit.Stop()
	o.await(ctx, "nothing waits to be sent again", func() bool { return o.Unheard() == 0 })
	o.await(ctx, "every card has moved on", o.current)
	o.await(ctx, "nothing waits to be said", func() bool { return o.waiting() == 0 })
	o.Settle()
	if last.end(o.t); last.errs.String() != "" {
		o.t.Errorf("the end: %s, want silence", last.errs.String())
	}
	acts := len(o.sent)
	o.t.Logf("%d kills in %v, %d while starting; %d cases, %d presses and forms acknowledged, "+
		"%d of %d acts before the last kill, %d sent again; %d calls of the Web API",
		o.kills, time.Since(begun).Round(time.Second), unborn, len(o.cases), acts, early, slackActs*len(o.cases), o.again.Load(),
		len(o.Calls()))
	o.audit()
}

func (o *office) begin() *life {
	way, at := []string{"--slack-app-token", slacktest.AppToken}, ""
	if !o.socket {
		way, at = []string{"--slack-signing-secret", slacktest.Secret}, "http://127.0.0.1:1"
	}
	o.Deliver(at)
	way = append(way, o.where...)
	return beginAs(o.t, append([]string{"serve", "--data", o.data, "--listen", "127.0.0.1:0", "--log", "error", "--api-key", apiKey,
		"--slack-bot-token", slacktest.BotToken,
		"--slack-api", o.API(), "--slack-channel", "C0DESK", "--slack-channel-rate", "0"}, way...)...)
}

// up waits until a life is served and Slack reaches it.
func (o *office) up(l *life) {
	o.t.Helper()
	o.url = l.up(o.t)
	if !o.socket {
		o.Deliver(o.url)
	}
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if ready(o.url) {
			return
		}
	}
	o.t.Fatalf("the program is not ready\n%s", l.errs.String())
}

// killAll ends one life after the other, and lets people do a little more in each.
func (o *office) killAll(ctx context.Context) (unborn int, early int64) {
	for n := range o.kills {
		if ctx.Err() != nil {
			return unborn, o.passed.Load()
		}
		o.allowed.Store(int64((n + 1) * slackActs * len(o.cases) / o.kills))
		l := o.begin()
		if o.dice.IntN(8) == 0 {
			unborn++
			o.moment(100)
		} else {
			o.up(l)
			o.moment(300)
		}
		l.kill()
		l.sound(o.t, n)
	}
	return unborn, o.passed.Load()
}

func (o *office) moment(ms int) { time.Sleep(time.Duration(o.dice.IntN(ms)) * time.Millisecond) }

// call asks the program over REST.
func (o *office) call(method, path, body string) (status int, answer map[string]any) {
	r, err := http.NewRequestWithContext(o.t.Context(), method, o.url+path, strings.NewReader(body))
	if err != nil {
		o.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+apiKey)
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, nil
	}
	defer got.Body.Close()
	text, _ := io.ReadAll(got.Body)
	json.Unmarshal(text, &answer)
	return got.StatusCode, answer
}

// tasksWaiting finds how many tasks wait in one kind of lane, as /metrics says it.
var tasksWaiting = regexp.MustCompile(`(?m)^nevermind_tasks_waiting\{lane="(?:room|conv|work)"\} (\d+)$`)

// waiting is how many messages, events and tasks the program has not done yet; -1 where it does not say. A card shows that
// its case is decided while what follows, the refund say, is still on its way to it.
func (o *office) waiting() (n int) {
	got, err := http.Get(o.url + "/metrics")
	if err != nil {
		return -1
	}
	defer got.Body.Close()
	text, err := io.ReadAll(got.Body)
	if err != nil || got.StatusCode != http.StatusOK || !bytes.Contains(text, []byte("nevermind_ready")) {
		return -1
	}
	for _, m := range tasksWaiting.FindAllSubmatch(text, -1) {
		waits, _ := strconv.Atoi(string(m[1]))
		n += waits
	}
	return n
}

// furnish puts the order and connects buyer and seller, while nobody is killed.
func (c *slackCase) furnish() {
	c.t.Helper()
	text := strings.Replace(hooktest.Order(c.order, "b-"+c.order), `"s-9"`, `"s-`+c.order+`"`, 1)
	if status, _ := c.call("PUT", "/v1/orders/"+c.order, text); status/100 != 2 {
		c.t.Fatalf("put %s: %d", c.order, status)
	}
	for role, user := range map[string]string{"buyer": c.buyer, "seller": c.seller} {
		_, link := c.call("POST", "/v1/links", fmt.Sprintf(`{"role":"%s","id":"%s-%s","name":"N%s"}`, role, role[:1], c.order, user))
		c.Command(user, "D"+user, "link "+link["token"].(string))
		c.press(c.t.Context(), user, "D"+user, "Yes, that's me")
		c.Await("D"+user, "Hello")
	}
}

// await waits until something holds.
func (o *office) await(ctx context.Context, what string, holds func() bool) bool {
	for !holds() {
		if ctx.Err() != nil {
			o.t.Errorf("waited in vain until %s", what)
			return false
		}
		time.Sleep(10 * time.Millisecond)
	}
	return true
}

// pass holds an act back until the drill has come far enough for it.
func (c *slackCase) pass(ctx context.Context) {
	c.await(ctx, "it is time", func() bool { return c.passed.Load() < c.allowed.Load() })
	c.passed.Add(1)
}

// play is the whole case.
func (c *slackCase) play(ctx context.Context) {
	dm, office, agent := "D"+c.buyer, "D"+c.seller, []string{"UMIRA", "UJONAS"}[c.n%2]
	c.pass(ctx)
	c.Say(c.buyer, dm, "", "cancel "+c.order)
	for _, label := range []string{"I don't need it any more", "Yes, ask the seller"} {
		c.pass(ctx)
		c.press(ctx, c.buyer, dm, label)
	}
	c.pass(ctx)
	c.form(ctx, c.seller, office, "Say no", map[string]string{"Why not?": "Something else", "Please say why": "packed " + c.order})
	c.pass(ctx)
	c.press(ctx, c.buyer, dm, "Let support decide")
	c.pass(ctx)
	if card := c.button(ctx, "C0DESK", "Partial refund"); card != nil {
		c.Say(agent, "C0DESK", card.TS, "a note on "+c.order)
	}
	c.pass(ctx)
	c.desks[c.n%2].Lock()
	defer c.desks[c.n%2].Unlock()
	c.form(ctx, agent, "C0DESK", "Partial refund", map[string]string{
		"How much goes back?":        "12.50",
		"What happens to the order?": "It goes on",
		"What are your reasons? The buyer and the seller will read them.": "half of " + c.order,
	})
}

// button finds the newest message of this case that has a button.
func (c *slackCase) button(ctx context.Context, channel, label string) (found *slacktest.Message) {
	c.await(ctx, fmt.Sprintf("%s has %q about %s", channel, label, c.order), func() bool {
		for _, m := range slices.Backward(c.Messages(channel)) {
			if (channel != "C0DESK" || strings.Contains(m.Shown(), c.order)) &&
				slices.ContainsFunc(m.Buttons(), func(b slacktest.Button) bool { return b.Label == label }) {
				found = &m
				return true
			}
		}
		return false
	})
	return found
}

// press presses a button until that is acknowledged: the same press, as its person knows only that it did not work.
func (c *slackCase) press(ctx context.Context, user, channel, label string) {
	m := c.button(ctx, channel, label)
	if m == nil {
		return
	}
	p := c.Pressing(user, m, label)
	for ctx.Err() == nil {
		if p.Send().Acked {
			act := p.Payload["actions"].([]any)[0].(map[string]any)
			c.done(strings.Join([]string{m.TS, unnamed(user, m.TS), act["action_id"].(string), act["action_ts"].(string)}, ":"))
			return
		}
		c.again.Add(1)
		time.Sleep(20 * time.Millisecond)
	}
}

// form presses, fills in what opens, and sends it until it closes.
func (c *slackCase) form(ctx context.Context, user, channel, label string, answers map[string]string) {
	before := c.View(user)
	var v *slacktest.View
	for v == nil || v == before {
		m := c.button(ctx, channel, label)
		if m == nil {
			return
		}
		c.Press(user, m, label)
		for i := 0; i < 100 && (v == nil || v == before); i++ {
			time.Sleep(10 * time.Millisecond)
			v = c.View(user)
		}
	}
	for name, answer := range answers {
		v.Fill(name, answer)
	}
	for ctx.Err() == nil {
		id := "view:" + v.ID + ":" + v.Hash + ":" + unnamed(user, v.ID)
		a := v.Send()
		switch {
		case len(v.Errors) > 0:
			c.t.Errorf("%s: %s: the form says %v", c.order, label, v.Errors)
			return
		case !a.Acked:
			c.again.Add(1)
			time.Sleep(20 * time.Millisecond)
		case c.View(user) != v:
			c.done(id)
			return
		}
	}
}

// done notes what was acknowledged.
func (o *office) done(id string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.sent = append(o.sent, ofSlack+id)
}

// ofSlack is what the ids of all that comes from there begin with.
const ofSlack = "slack:" + slacktest.App + ":" + slacktest.Team + ":"

// unnamed stands for a user in the ids of what they do with one thing: nobody's account is kept in a journal.
func unnamed(user, of string) string {
	sum := sha256.Sum256([]byte(ofSlack + of + ":" + user))
	return hex.EncodeToString(sum[:8])
}

// current says whether every case's card shows that it is decided.
func (o *office) current() bool {
	for _, c := range o.cases {
		if !slices.ContainsFunc(o.Messages("C0DESK"), func(m slacktest.Message) bool {
			return strings.Contains(m.Shown(), c.order) && strings.Contains(m.Shown(), "12.50 USD")
		}) || o.Find("D"+c.buyer, "12.50 USD") == nil || o.Find("D"+c.seller, "12.50 USD") == nil {
			return false
		}
	}
	return true
}

// audit looks at what is stored, and at what stands on Slack.
func (o *office) audit() {
	store, err := o.opens()
	must(o.t, err)
	defer store.Close()
	heard, said, events, dead := map[string]int{}, map[string]int{}, map[string]int{}, 0
	err = store.Each(o.t.Context(), func(r bot.Record) error {
		switch {
		case r.Entry != nil:
			heard[r.Entry.Event.ID]++
			if r.Entry.Conversation.Kind() == "case" && (r.Entry.Refused == "" || r.Entry.Refused == bot.RefusedColleagueNote) {
				events[string(r.Entry.Conversation)+" "+r.Entry.Event.Name]++
			}
			if r.Entry.Refused != "" && r.Entry.Refused != bot.RefusedColleagueNote {
				o.t.Errorf("%s: %s by %s moved nothing: %s", r.Entry.Conversation, r.Entry.Event.Name, r.Entry.Event.Actor, r.Entry.Refused)
			}
		case r.Said != nil && r.Said.In != nil:
			said[r.Said.In.Text]++
		case r.Task != nil && r.Task.State != bot.TaskDone && r.Task.State != bot.TaskPending:
			dead++
			o.t.Errorf("the task %s %s is %s: %s", r.Task.Task.ID, r.Task.Task.Do, r.Task.State, r.Task.Outcome.Dead)
		}
		return nil
	})
	if err != nil {
		o.t.Fatal(err)
	}
	for _, id := range o.sent {
		if heard[id] != 1 {
			o.t.Errorf("%s stands in %d journals, want 1", id, heard[id])
		}
	}
	for _, c := range o.cases {
		key := "case/" + c.order + "/0"
		for _, event := range []string{"seller_rejected", "support_asked", "note_added", "partial_decided"} {
			if events[key+" "+event] != 1 {
				o.t.Errorf("%s: %s counts %d times, want once", key, event, events[key+" "+event])
			}
		}
		for _, text := range []string{"cancel " + c.order, "a note on " + c.order} {
			if said[text] != 1 {
				o.t.Errorf("%q was said %d times, want once", text, said[text])
			}
		}
		order, err := store.Order(o.t.Context(), c.order)
		if err != nil || len(order.Book) != 1 || order.Book[0].Amount.String() != "12.50 USD" {
			o.t.Errorf("order %s: the book has %v, %v", c.order, order.Book, err)
		}
	}
	o.alike(store)
}

// alike holds every room on Slack against what the store has said there.
func (o *office) alike(store bot.Store) {
	if n := len(o.Messages("C0DESK")); n != len(o.cases) {
		o.t.Errorf("%d messages in the channel for %d cases", n, len(o.cases))
	}
	o.alikeIn(store, "C0DESK")
	for _, c := range o.cases {
		o.alikeIn(store, "D"+c.buyer)
		o.alikeIn(store, "D"+c.seller)
	}
}

// alikeIn holds a room against the store: each message stands there once, each card as it was last.
func (o *office) alikeIn(store bot.Store, channel string) {
	o.t.Helper()
	stand, ids := map[string]slacktest.Message{}, map[string]int{}
	all := o.Messages(channel)
	for _, m := range all {
		all = append(all, o.Thread(channel, m.TS)...)
	}
	for _, m := range all {
		stand[m.TS] = m
		payload, _ := m.Metadata["event_payload"].(map[string]any)
		if id, _ := payload["id"].(string); id != "" {
			if ids[id]++; ids[id] > 1 {
				o.t.Errorf("%s: said twice: %.80s", channel, m.Shown())
			}
		}
	}
	said, err := store.Said(o.t.Context(), bot.Room("slack:"+channel), 0, 0, 1<<20)
	must(o.t, err)
	last := map[bot.Key]bot.Said{}
	for i, s := range said {
		if s.Out == nil {
			continue
		}
		want := 1
		if s.Ref == "" && slices.ContainsFunc(said[i+1:], func(later bot.Said) bool { return inPlaceOf(later.Out, s.Out) }) {
			want = 0
		}
		if s.Out.Mode == bot.New && s.State == bot.TaskDone && ids[s.Task] != want {
			o.t.Errorf("%s: what was said stands there %d times, want %d: %.80s", channel, ids[s.Task], want, s.Out.Text)
		}
		if s.Out.Card != "" && (s.Out.Mode == bot.New || s.Out.Mode == bot.Edit) {
			last[s.Out.Card] = s
		}
	}
	for key, s := range last {
		m, ok := stand[string(s.Ref)]
		first, _, _ := strings.Cut(s.Out.Text, "\n")
		if !ok || !strings.Contains(m.Shown(), first) || len(m.Buttons()) > len(s.Out.Labels()) {
			o.t.Errorf("%s: the card of %s is not current: %q, want %q", channel, key, m.Shown(), s.Out.Text)
		}
	}
}

// inPlaceOf says whether somebody who was to hear a later message of a talk need not have heard an earlier one.
func inPlaceOf(later, earlier *bot.Reply) bool {
	return later != nil && later.From == earlier.From && earlier.From.Kind() == "talk" && later.Card == earlier.Card &&
		(earlier.Card != "" || later.Text == earlier.Text)
}
