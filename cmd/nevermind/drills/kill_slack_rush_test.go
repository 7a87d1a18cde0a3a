package drills

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
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

// TestSlackKillRush is TestTelegramKillRush on Slack, in turns by HTTP and by Socket Mode: no message and no press is lost,
// nothing is decided twice, and nothing is said twice.
func TestSlackKillRush(t *testing.T) {
	if !long {
		t.Skip("half an hour: by make drills")
	}
	newSlackRush(t).goesOn()
}

// TestSlackPostgresKillRush is the same with everything in a PostgreSQL.
func TestSlackPostgresKillRush(t *testing.T) {
	database := newDatabase(t)
	r := newSlackRush(t)
	r.where, r.opens = storedAt(t, r.data, database.Database(t), database.Database(t))
	r.goesOn()
}

// slackRush is an office in which many buyers and sellers are in a hurry.
type slackRush struct {
	*office
	longest time.Duration // a life
	pairs   []*slackPair
	over    atomic.Bool // nobody begins anything new
	said    []string    // what was typed
	posted  atomic.Int64
}

// slackPair is a buyer and a seller, and the orders between them.
type slackPair struct {
	*slackRush
	buyer, seller string
	orders        []string
	asked         int // so many of them were cancelled
}

func newSlackRush(t *testing.T) *slackRush {
	seed, _ := strconv.ParseUint(os.Getenv(killSeed), 10, 64)
	r := &slackRush{longest: 1200 * time.Millisecond, office: &office{Slack: slacktest.New(t, nil), t: t, data: t.TempDir(),
		kills: rushKills(), dice: rand.New(rand.NewPCG(seed, 2))}}
	r.opens = storedIn(r.data)
	r.Retry(1_000_000, 20*time.Millisecond)
	r.Posted(func(slacktest.Message) { r.posted.Add(1) })
	for i := range 60 {
		p := &slackPair{slackRush: r, buyer: fmt.Sprint("UB", i), seller: fmt.Sprint("US", i)}
		for j := range 3 + r.kills/8 {
			p.orders = append(p.orders, fmt.Sprint(9_000_000+10_000*i+j))
		}
		for user, name := range map[string]string{p.buyer: "Ana", p.seller: "Lumen House"} {
			r.Person(slacktest.Person{ID: user, Name: name})
			r.Direct(user)
		}
		r.pairs = append(r.pairs, p)
	}
	r.Person(slacktest.Person{ID: "UMIRA", Name: "Mira"})
	r.Channel("C0DESK", "UMIRA")
	return r
}

// goesOn has them all talk while the server is killed again and again, and looks at what came of it.
func (r *slackRush) goesOn() {
	t := r.t
	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Minute+time.Duration(r.kills)*3*time.Second)
	defer cancel()
	first := r.begin()
	r.up(first)
	for _, p := range r.pairs {
		p.furnish()
	}
	r.Settle()
	first.end(t)
	go func() {
		for ctx.Err() == nil {
			r.Again()
			<-time.After(5 * time.Millisecond)
		}
	}()
	var talking sync.WaitGroup
	for _, p := range r.pairs {
		talking.Go(func() { p.talk(ctx) })
	}
	began := time.Now()
	for n := range r.kills {
		r.socket = n%2 == 1
		l := r.begin()
		r.url = l.up(t)
		if !r.socket {
			r.Deliver(r.url)
		}
		if r.dice.IntN(8) > 0 { // else it may die before it has done anything
			untilWorks(func() int { return int(r.posted.Load()) })
		}
		<-time.After(time.Duration(r.dice.Int64N(int64(r.longest))))
		l.kill()
		if text := l.errs.String(); strings.Contains(text, "panic") {
			t.Errorf("life %d: %s", n, text)
		}
		if n%100 == 99 {
			t.Logf("%d kills in %v", n+1, time.Since(began).Round(time.Second))
		}
	}
	took := time.Since(began)
	r.over.Store(true)
	last := r.begin()
	r.up(last)
	talking.Wait()
	limit := time.AfterFunc(patience, cancel)
	r.await(ctx, "nothing waits to be sent again", func() bool { return r.Unheard() == 0 })
	r.await(ctx, "nothing waits to be said", func() bool { return r.waiting() == 0 })
	limit.Stop()
	r.Settle()
	last.end(t)
	finish(t, r.opens, r.begin, func(l *life) { l.end(t) })
	r.audit(took)
}

// furnish puts the orders and connects buyer and seller, while nobody is killed.
func (p *slackPair) furnish() {
	p.t.Helper()
	for _, order := range p.orders {
		text := strings.Replace(hooktest.Order(order, p.buyer), `"s-9"`, strconv.Quote(p.seller), 1)
		if status, _ := p.call(http.MethodPut, "/v1/orders/"+order, text); status/100 != 2 {
			p.t.Fatalf("put %s: %d", order, status)
		}
	}
	for user, role := range map[string]string{p.buyer: "buyer", p.seller: "seller"} {
		_, link := p.call(http.MethodPost, "/v1/links", fmt.Sprintf(`{"role":"%s","id":"%s","name":"N%s"}`, role, user, user))
		p.Command(user, "D"+user, "link "+link["token"].(string))
		p.Press(user, p.Await("D"+user, "connect"), "Yes, that's me")
		p.Await("D"+user, "Hello")
	}
}

// talk cancels one order after the other, until it is over.
func (p *slackPair) talk(ctx context.Context) {
	for _, order := range p.orders {
		if p.over.Load() || ctx.Err() != nil {
			return
		}
		text := "cancel " + order
		p.Say(p.buyer, "D"+p.buyer, "", text)
		p.mu.Lock()
		p.said = append(p.said, text)
		p.mu.Unlock()
		done := p.press(ctx, p.buyer, order, "I don't need it any more") &&
			p.press(ctx, p.buyer, order, "Yes, ask the seller") && p.press(ctx, p.seller, order, "Cancel and refund 24.90 USD") &&
			p.find(ctx, p.buyer, order, "I've asked the shop to send 24.90 USD", "") != nil
		if !done {
			p.t.Errorf("order %s goes no further; the buyer sees\n%s\nthe seller sees\n%s", order, p.shows(p.buyer), p.shows(p.seller))
			return
		}
		p.asked++
	}
}

// press presses a button about an order two to four times at once, each until it is acknowledged.
func (p *slackPair) press(ctx context.Context, user, order, label string) bool {
	m := p.find(ctx, user, order, "", label)
	if m == nil {
		return false
	}
	var taps sync.WaitGroup
	for range 2 + rand.IntN(3) {
		press := p.Pressing(user, m, label)
		act := press.Payload["actions"].([]any)[0].(map[string]any)
		id := strings.Join([]string{m.TS, unnamed(user, m.TS), act["action_id"].(string), act["action_ts"].(string)}, ":")
		taps.Go(func() {
			for ctx.Err() == nil && !press.Send().Acked {
				p.again.Add(1)
				<-time.After(200 * time.Millisecond)
			}
			p.done(id)
		})
	}
	taps.Wait()
	return ctx.Err() == nil
}

// find waits for a message about an order with some words, or a button, among the newest of somebody's.
func (p *slackPair) find(ctx context.Context, user, order, words, label string) *slacktest.Message {
	look := time.NewTicker(40 * time.Millisecond)
	defer look.Stop()
	for end := time.Now().Add(patience); time.Now().Before(end); {
		for _, m := range slices.Backward(p.Newest("D"+user, 16)) {
			if text := m.Shown(); m.User == slacktest.BotUser && strings.Contains(text, order) && strings.Contains(text, words) &&
				(label == "" || slices.ContainsFunc(m.Buttons(), func(b slacktest.Button) bool { return b.Label == label })) {
				return &m
			}
		}
		if !p.over.Load() { // nobody gives up while it is killed
			end = time.Now().Add(patience)
		}
		select {
		case <-look.C:
		case <-ctx.Done():
			return nil
		}
	}
	return nil
}

// shows is what somebody sees last.
func (p *slackPair) shows(user string) string {
	var b strings.Builder
	for _, m := range p.Newest("D"+user, 30) {
		fmt.Fprintf(&b, "%s %q %q\n", m.User, m.Shown(), m.Buttons())
	}
	return b.String()
}

// audit looks at what is stored, and at what stands on Slack.
func (r *slackRush) audit(took time.Duration) {
	store, err := r.opens()
	must(r.t, err)
	defer store.Close()
	taken, typed := map[string]int{}, map[string]int{}
	must(r.t, store.Each(r.t.Context(), func(record bot.Record) error {
		if record.Said != nil && record.Said.In != nil {
			taken[record.Said.In.ID]++
			typed[record.Said.In.Text]++
		}
		if k := record.Task; k != nil && k.State != bot.TaskDone && k.State != bot.TaskPending {
			r.t.Errorf("the task %s %s is %s: %s", k.Task.ID, k.Task.Do, k.State, k.Outcome.Dead)
		}
		return nil
	}))
	for _, id := range r.sent {
		if taken[id] != 1 {
			r.t.Errorf("%s was taken %d times, want once", id, taken[id])
		}
	}
	for _, text := range r.said {
		if typed[text] != 1 {
			r.t.Errorf("%q was taken %d times, want once", text, typed[text])
		}
	}
	cases, messages := 0, 0
	for _, p := range r.pairs {
		for _, order := range p.orders[:p.asked] {
			decided(r.t, store, order)
			cases++
		}
		for _, channel := range []string{"D" + p.buyer, "D" + p.seller} {
			r.alikeIn(store, channel)
			messages += len(r.Messages(channel))
		}
	}
	r.t.Logf("%d kills in %v, %d cases, %d updates, %d sent again; %d messages", r.kills, took.Round(time.Second), cases,
		len(r.sent)+len(r.said), r.again.Load(), messages)
}
