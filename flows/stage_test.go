package flows_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"nevermind/bot/engine"
	"nevermind/bot/turn"

	"nevermind/adapters/shop"
	"nevermind/bot"
	"nevermind/flows"
	"nevermind/flows/policies"
	"nevermind/flows/transcript"
	"nevermind/store/bolt"
	"nevermind/store/encryption"
	"nevermind/store/postgres"
	"nevermind/store/record"
)

// What stands in every transcript: when it begins, and who may appear.
var (
	opening = transcript.Opening
	cast    = transcript.Cast
)

// roomOf is where somebody of the cast talks; the agents share the desk.
func roomOf(who string) bot.Room {
	if p := cast[who]; p.Party() == bot.Support {
		return "stage:desk"
	}
	return bot.Room("stage:" + strings.ToLower(who))
}

// stage is the whole house in one process, with a platform whose messages outlive it and a clock that is moved by hand.
type stage struct {
	t       testing.TB
	dir     string
	pack    *policies.Pack
	earlier map[string]*bot.Policy // every policy that was in force in the play, by its version
	catalog bot.Catalog
	rules   *turn.Ruleset
	now     time.Time
	store   bot.Store
	engine  *engine.Engine
	book    *shop.Book
	bubbles map[bot.Room][]*bubble
	gone    map[bot.Room]error // how what is for a room ends
	down    bool               // the shop does not answer
	silent  bool               // it has not answered for three days
	held    bool               // nothing follows before the next line
	entries []bot.Entry
	journal []bot.Entry // all entries of the play
	orders  []string    // all orders of the play
	changed bot.Key     // the record whose journal is shown other than it was written
	news    []*bubble   // what was said or changed since the last line
	sent    int
	last    bot.Message
	links   []string             // one-time tokens, newest last
	own     transcript.Assistant // Ana's
	answers []string             // what it was answered since the last line

	configured func(*engine.Config)    // changes what the house is started with; nil changes nothing
	received   func(bot.Message) error // hands a message over; nil is the engine itself

	language    string                    // what everybody reads; empty: as the cast says
	english     *stage                    // the same play in English, one line behind: where it has a button, this one has the same
	key         encryption.Master         // of an encrypted store; zero where it is plain
	database    string                    // a PostgreSQL database instead of a file
	saidBy      map[bot.PersonID][]string // what everybody in the cast has typed, in chats and in forms
	typedBefore map[string]bool           // what people have typed in a play in another language
}

// bubble is one message as its platform shows it.
type bubble struct {
	ref    bot.Ref
	mode   bot.Mode
	reply  bot.Reply
	tokens []bot.Button // every button it ever had
}

func newStage(t testing.TB, policy string) *stage {
	catalog, err := allWords()
	if err != nil {
		t.Fatal(err)
	}
	return newStageIn(t, policy, "", catalog, encryption.Master{})
}

// allWords is the catalog that stages speak by, read once.
var allWords = sync.OnceValues(flows.Catalog)

// newStageIn is a stage on which everybody reads one language, of a catalog, and whose store is encrypted with a key.
func newStageIn(t testing.TB, policy, language string, catalog bot.Catalog, key encryption.Master) *stage {
	return newStageOn(t, "", policy, language, catalog, key)
}

// newStageOn is such a stage on a database; on a file where none is named.
func newStageOn(t testing.TB, database, policy, language string, catalog bot.Catalog, key encryption.Master) *stage {
	s := &stage{database: database, t: t, dir: t.TempDir(), catalog: catalog, now: opening, bubbles: map[bot.Room][]*bubble{},
		gone: map[bot.Room]error{}, language: language, key: key, earlier: map[string]*bot.Policy{}}
	s.under(policy)
	s.open()
	s.person(bot.Person{ID: bot.Desk, Rooms: []bot.Room{"stage:desk"}})
	for _, who := range transcript.AtHome {
		s.link(who)
	}
	s.person(cast["Far"])
	t.Cleanup(func() { s.store.Close() })
	return s
}

// under puts a policy in force, for when the house is opened next.
func (s *stage) under(policy string) {
	pack, err := policies.Read([]byte(policy))
	s.must(err)
	pack.Policy.Choices["assistants"] = "on"
	s.pack, s.rules = pack, rulesUnder(s.t, policy, pack, s.catalog)
	s.earlier[pack.Policy.Version] = pack.Policy
}

// policyAt finds a policy that was in force.
func (s *stage) policyAt(_ context.Context, version string) (*bot.Policy, error) {
	if p := s.earlier[version]; p != nil {
		return p, nil
	}
	return nil, bot.ErrNone
}

// rulesets are the flows made ready under each policy that a test has played with. They never change, so stages share them.
var rulesets sync.Map

func rulesUnder(t testing.TB, policy string, pack *policies.Pack, catalog bot.Catalog) *turn.Ruleset {
	key := [2]any{policy, catalog}
	if ready, ok := rulesets.Load(key); ok {
		return ready.(*turn.Ruleset)
	}
	rules, err := turn.Prepare(flows.All(), pack.Policy, catalog)
	if err != nil {
		t.Fatal(err)
	}
	rulesets.Store(key, rules)
	return rules
}

// open starts the house on what is stored; nothing else is kept.
func (s *stage) open() {
	store, err := s.openStore()
	if err != nil {
		s.t.Fatal(err)
	}
	s.store, s.book = store, &shop.Book{Now: func() time.Time { return s.now }}
	hands := s.book.Hands()
	for do, hand := range hands {
		hands[do] = func(ctx context.Context, t bot.Task) (bot.Outcome, error) {
			if s.silent && (do == "cancel_order" || do == "pay_refund") {
				return s.givenUp(ctx, t, hand)
			}
			if s.down {
				return bot.Outcome{}, errors.New("the shop is down")
			}
			return hand(ctx, t)
		}
	}
	hands["seal_case"] = s.sealed
	hands["gather_data"] = s.gathered
	hands["erase_person"] = s.erased
	cfg := engine.Config{Store: &spy{store, s}, Ruleset: s.rules, Policy: s.pack.Policy,
		PolicyAt: s.policyAt, Now: func() time.Time { return s.now }, Adapters: []bot.Adapter{s}, Hands: hands,
		Log: slog.New(loud{s.t})}
	if s.configured != nil {
		s.configured(&cfg)
	}
	s.engine, err = engine.New(s.t.Context(), cfg)
	if err != nil {
		s.t.Fatal(err)
	}
	s.book.Shelf = s.engine
}

// openStore opens the file, or the database.
func (s *stage) openStore() (bot.Store, error) {
	if s.database != "" {
		return postgres.Open(s.t.Context(), postgres.Config{URL: s.database,
			Keys: func(wrapped [][]byte) (record.Keys, error) { return s.key.Keys(wrapped) },
			Ring: func(string) (record.PersonalKeys, error) { return s.ring() }})
	}
	return bolt.Open(filepath.Join(s.dir, "nevermind.db"), append(s.encrypted(), bolt.NoSync())...)
}

// gathered is the hand that makes the file of somebody's data, as far as the flows can tell.
func (s *stage) gathered(_ context.Context, t bot.Task) (bot.Outcome, error) {
	if s.down {
		return bot.Outcome{}, errors.New("the disk is full")
	}
	return bot.Done(
		"data_gathered",
		bot.Facts{"file_name": "my data.txt", "file_hash": strings.Repeat("1", 64), "file_size": "1000"},
	), nil
}

// erased is the hand that erases somebody. In a plain store it only says so.
func (s *stage) erased(ctx context.Context, t bot.Task) (bot.Outcome, error) {
	if s.down {
		return bot.Outcome{}, errors.New("the disk is full")
	}
	id := bot.PersonID(t.Facts["asked_for"])
	if err := s.engine.MayErase(ctx, id); err != nil {
		return bot.Done("erasure_refused", nil), nil
	}
	return bot.Done("data_erased", nil), nil
}

// sealed is the hand that makes case files, as far as the flows can tell.
func (s *stage) sealed(_ context.Context, t bot.Task) (bot.Outcome, error) {
	if s.down {
		return bot.Outcome{}, errors.New("the disk is full")
	}
	return bot.Outcome{
		Event: "case_sealed",
		Facts: bot.Facts{
			"file_name": "case for the " + t.Facts["viewer"] + ".zip",
			"file_hash": strings.Repeat("0", 64),
			"file_size": "1000",
			"seal":      "3f2a 91c0 77de 0a1b 55d3",
		},
	}, nil
}

// reload closes the house and starts it again.
func (s *stage) reload() {
	if err := s.store.Close(); err != nil {
		s.t.Fatal(err)
	}
	s.open()
}

// spy sees the journal's lines as they are committed.
type spy struct {
	bot.Store
	s *stage
}

func (y *spy) Commit(ctx context.Context, c *bot.Commit) error {
	err := y.Store.Commit(ctx, c)
	if err == nil && c.Entry != nil {
		y.s.entries = append(y.s.entries, *c.Entry)
		y.s.journal = append(y.s.journal, *c.Entry)
	}
	return err
}

// Name, Run and Send make the stage a platform.
func (s *stage) Name() string { return "stage" }

func (s *stage) Run(ctx context.Context, _ bot.Inbox) error { <-ctx.Done(); return nil }

func (s *stage) Send(_ context.Context, d bot.Delivery) (bot.Ref, error) {
	r := d.Reply
	if r.Mode != bot.Strip {
		s.fit(&r)
		s.few(&r)
	}
	if err := s.gone[r.Room]; err != nil {
		return "", err
	}
	if r.Mode == bot.Edit || r.Mode == bot.Strip {
		for _, b := range s.bubbles[r.Room] {
			if b.ref != d.Ref {
				continue
			}
			if r.Mode == bot.Strip {
				b.reply.Choices, b.reply.Behind = nil, nil
				return b.ref, nil
			}
			b.mode, b.reply, b.tokens = bot.Edit, r, append(b.tokens, pressable(&r)...)
			s.news = append(s.news, b)
			return b.ref, nil
		}
		return "", bot.ErrCardGone
	}
	s.sent++
	b := &bubble{bot.Ref(fmt.Sprint(s.sent)), r.Mode, r, pressable(&r)}
	if r.Mode != bot.Aside {
		s.bubbles[r.Room] = append(s.bubbles[r.Room], b)
	}
	s.news = append(s.news, b)
	return b.ref, nil
}

func (s *stage) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *stage) person(p bot.Person) {
	if s.language != "" {
		p.Language = s.language
	}
	_, err := s.engine.PutPerson(s.t.Context(), p)
	s.must(err)
}

// chatLink gives somebody their account and room.
func (s *stage) link(who string) {
	p := cast[who]
	p.Accounts = []string{"stage:" + strings.ToLower(who)}
	if p.Party() != bot.Support {
		p.Rooms = []bot.Room{roomOf(who)}
	}
	s.person(p)
}

// say lets somebody send a message and does all that follows.
func (s *stage) say(who string, m bot.Message) {
	s.t.Helper()
	s.sent++
	if s.saidBy == nil {
		s.saidBy = map[bot.PersonID][]string{}
	}
	s.saidBy[cast[who].ID] = append(slices.AppendSeq(s.saidBy[cast[who].ID], maps.Values(m.Fields)), m.Text)
	m.ID, m.Room, m.Account = fmt.Sprintf("m%d", s.sent), roomOf(who), "stage:"+strings.ToLower(who)
	m.Language = s.language
	s.last = m
	s.must(s.receive(m))
}

// receive hands a message over to the house.
func (s *stage) receive(m bot.Message) error {
	if s.received != nil {
		return s.received(m)
	}
	return s.engine.Receive(s.t.Context(), m)
}

// drain does everything that is due.
func (s *stage) drain() {
	s.t.Helper()
	s.must(s.engine.Drain(s.t.Context()))
}

// token finds a button in somebody's room: one that is live, or any that ever was.
func (s *stage) token(who, label string, ever bool) string {
	s.t.Helper()
	said := s
	if s.english != nil {
		said = s.english
	}
	for i, b := range slices.Backward(said.bubbles[roomOf(who)]) {
		for j, c := range slices.Backward(b.buttons(ever)) {
			if transcript.Still(c.Label) == label {
				return s.bubbles[roomOf(who)][i].buttons(ever)[j].Token
			}
		}
	}
	s.t.Fatalf("%s has no button %q", who, label)
	return ""
}

// buttons are those of a message now, or all that it ever had.
func (b *bubble) buttons(ever bool) []bot.Button {
	if ever {
		return b.tokens
	}
	return pressable(&b.reply)
}

// pressable lists a reply's buttons, with what is behind More.
func pressable(r *bot.Reply) []bot.Button { return append(slices.Clone(r.Choices), r.Behind...) }

// move moves the clock on, stopping at each deadline on the way.
func (s *stage) move(d time.Duration) {
	end := s.now.Add(d)
	for {
		next, err := s.store.NextDeadline(s.t.Context())
		s.must(err)
		task, err := s.store.NextTask(s.t.Context())
		s.must(err)
		if next.IsZero() || !next.After(s.now) || !task.IsZero() && task.Before(next) { // one that has passed waits for a task
			next = task
		}
		if next.IsZero() || next.After(end) {
			break
		}
		if next.After(s.now) {
			s.now = next
		}
		s.drain()
	}
	s.now = end
	s.drain()
}

// toDeadline is how long it is to the next deadline.
func (s *stage) toDeadline() time.Duration {
	next, err := s.store.NextDeadline(s.t.Context())
	s.must(err)
	return max(0, next.Sub(s.now))
}
