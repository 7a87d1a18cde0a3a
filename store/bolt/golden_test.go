package bolt

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"nevermind/bot"
)

var update = flag.Bool("update", false, "write the golden file of the present schema")

// What this program writes is a promise to the next one. A change of these bytes is a new form or a new schema, with a
// way that leads there; a field that is added is left out where it is zero, and changes nothing here.
func TestStoredBytesArePromises(t *testing.T) {
	golden := filepath.Join("testdata", fmt.Sprint("schema", schema, ".txt"))
	s := openIn(t, t.TempDir())
	first(t, s)
	since2(t, s)
	since3(t, s)
	want := read(t, s)
	got := dump(t, s)
	wantErr(t, s.Close(), nil)
	if *update {
		write(t, golden, got)
	}
	stored, err := os.ReadFile(golden)
	wantErr(t, err, nil)
	if !bytes.Equal(got, stored) {
		t.Errorf("what is written has changed; got\n%s\nwant\n%s", got, stored)
	}

	readAs(t, golden, want)
}

func TestWhatSchema1WroteIsRead(t *testing.T) {
	s := openIn(t, t.TempDir())
	defer s.Close()
	first(t, s)
	readAs(t, "testdata/schema1.txt", read(t, s))
}

func TestWhatSchema2WroteIsRead(t *testing.T) {
	s := openIn(t, t.TempDir())
	defer s.Close()
	first(t, s)
	since2(t, s)
	readAs(t, "testdata/schema2.txt", read(t, s))
}

// TestWhatSchema2WroteIsWorkedOn goes on with a file of the schema before as if nothing had been between: nothing in it is
// moved, so each thing is found where it was kept then, and what is written now goes where it is kept now.
func TestWhatSchema2WroteIsWorkedOn(t *testing.T) {
	stored, err := os.ReadFile("testdata/schema2.txt")
	wantErr(t, err, nil)
	dir, ctx, later := t.TempDir(), t.Context(), base.Add(time.Hour)
	undump(t, filepath.Join(dir, "nevermind.db"), stored)
	s := openIn(t, dir)
	c, err := s.Conversation(ctx, "case/1")
	wantErr(t, err, nil)
	edit := bot.Task{ID: "-6L0KqF-k2WVhQ0GqZpT3V", Lane: "room:telegram:1", Do: "send", Class: bot.EditClass, From: "case/1",
		Reply: &bot.Reply{Room: "telegram:1", Mode: bot.Edit, Card: "case/1", From: "case/1", Text: "Agreed."}, Made: later}
	wantErr(t, s.Commit(ctx, &bot.Commit{At: later, Handled: "m5", Conversation: &c, Tasks: []bot.Task{edit},
		Entry: &bot.Entry{Conversation: "case/1", Seq: 2, At: later, Prev: "ab"}}), nil)
	wantErr(t, s.Commit(ctx, &bot.Commit{At: later, Act: &bot.Act{Task: "t3"}}), nil)
	refs := map[string]bot.Ref{}
	leases, err := s.Claim(ctx, later, 9, time.Minute)
	wantErr(t, err, nil)
	for _, l := range leases {
		refs[l.Task.ID] = l.Ref
		wantErr(t, s.Attempt(ctx, l), nil)
		wantErr(t, s.Settle(ctx, l, later, bot.Outcome{Ref: "78"}), nil)
	}
	if want := map[string]bot.Ref{"t2": "", "t3": "", edit.ID: "77"}; !reflect.DeepEqual(refs, want) {
		t.Errorf("leased with the cards %v, want %v", refs, want)
	}
	for range 2 {
		for _, ref := range []bot.Ref{"77", "78"} {
			if from, err := s.Sender(ctx, "telegram:1", ref); err != nil || from != "case/1" {
				t.Errorf("%s was sent by %q (%v), want case/1", ref, from, err)
			}
		}
		if key, err := s.Offered(ctx, "token"); err != nil || key != "case/1" {
			t.Errorf("the token of then was offered by %q (%v), want case/1", key, err)
		}
		for id, want := range map[string]bot.TaskState{"t1": bot.TaskDone, "t2": bot.TaskDone, "t3": bot.TaskDone,
			"t4": bot.TaskDropped} {
			if r, err := s.Task(ctx, id); err != nil || r.State != want {
				t.Errorf("%s is %q (%v), want %s", id, r.State, err, want)
			}
		}
		wantErr(t, s.Close(), nil)
		s = openIn(t, dir)
	}
	fixed, err := s.Rebuild(ctx)
	if fixed != 0 || err != nil {
		t.Errorf("the indexes: %d entries were wrong (%v)", fixed, err)
	}
	forgotten, err := s.Sweep(ctx, later.Add(time.Hour))
	if wantErr(t, err, nil); forgotten != 9 {
		t.Errorf("a sweep has forgotten %d, want 9: five messages and four tasks", forgotten)
	}
	wantErr(t, s.Close(), nil)
}

func readAs(t *testing.T, golden string, want []any) {
	t.Helper()
	stored, err := os.ReadFile(golden)
	wantErr(t, err, nil)
	dir := t.TempDir()
	undump(t, filepath.Join(dir, "nevermind.db"), stored)
	s := openIn(t, dir)
	defer s.Close()
	if got := read(t, s); !reflect.DeepEqual(got, want) {
		t.Errorf("what was written then is read as\n%+v\nwant\n%+v", got, want)
	}
}

// first does what schema 1 knew.
func first(t *testing.T, s *Store) {
	t.Helper()
	for _, c := range samples() {
		wantErr(t, s.Commit(t.Context(), c), nil)
	}
	wantErr(t, s.SetValue(t.Context(), "clock", []byte("12:00")), nil)
	for _, o := range []bot.Outcome{{Ref: "77"}, {Retry: time.Minute}} {
		l, err := s.Claim(t.Context(), base, 1, time.Minute)
		wantErr(t, err, nil)
		wantErr(t, s.Attempt(t.Context(), l...), nil)
		wantErr(t, s.Settle(t.Context(), l[0], base, o), nil)
	}
}

// since2 does what came with schema 2.
func since2(t *testing.T, s *Store) {
	t.Helper()
	lost := bot.Task{ID: "t3", Lane: "decode:telegram", Do: "decode", Class: bot.InnerClass, Facts: bot.Facts{"raw": "{"},
		Made: base}
	wantErr(t, s.Commit(t.Context(), &bot.Commit{At: base, Handled: "m3", Dead: "cannot be read", Tasks: []bot.Task{lost}}), nil)
	lost.ID = "t4"
	wantErr(t, s.Commit(t.Context(), &bot.Commit{At: base, Handled: "m4", Dead: "cannot be read", Tasks: []bot.Task{lost}}), nil)
	wantErr(t, s.Commit(t.Context(), &bot.Commit{At: base, Act: &bot.Act{Task: "t4", Drop: true}}), nil)
}

// since3 does what is stored in another form since schema 3: tokens and tasks of one turn together, hashes as bytes.
func since3(t *testing.T, s *Store) {
	t.Helper()
	frame := bot.Frame{Flow: "case", Offers: []bot.Offer{{Token: "-6L0KqF-xCwo3RkWVbSj7k"}, {Token: "-6L0KqF-0PZb2TfHsyNh5V"}}}
	e := bot.Entry{Conversation: "case/3", Seq: 1, At: base, Decided: strings.Repeat("0a", 32), Worded: strings.Repeat("0b", 32)}
	e.Hash = e.Sum()
	wantErr(t, s.Commit(t.Context(), &bot.Commit{At: base, Entry: &e,
		Conversation: &bot.Conversation{Key: "case/3", Frame: frame, Entries: 1, Head: e.Hash}}), nil)
	next := bot.Entry{Conversation: "case/3", Seq: 2, At: base, Prev: e.Hash}
	next.Hash = next.Sum()
	wantErr(t, s.Commit(t.Context(), &bot.Commit{At: base, Entry: &next,
		Conversation: &bot.Conversation{Key: "case/3", Frame: frame, Entries: 2, Head: next.Hash, Version: 1}}), nil)
	for _, o := range frame.Offers {
		if key, err := s.Offered(t.Context(), o.Token); err != nil || key != "case/3" {
			t.Errorf("%s: offered by %q (%v), want case/3", o.Token, key, err)
		}
	}
	for _, ids := range [][]string{{"-6L0KqF-k2WVhQ0GqZpT3V", "note:7", "-6L0KqF-_2xD4nVwM1cLrk"}, {"-6L0KqF-9eRtUa7YbNqWzF"}} {
		c := bot.Commit{At: base}
		for _, id := range ids {
			c.Tasks = append(c.Tasks, bot.Task{ID: id, Lane: "conv:case/4", Do: "tell", Class: bot.InnerClass, To: "case/4", Made: base})
		}
		wantErr(t, s.Commit(t.Context(), &c), nil)
		for _, id := range ids {
			if r, err := s.Task(t.Context(), id); err != nil || r.Task.ID != id {
				t.Errorf("task %s is read as %q (%v)", id, r.Task.ID, err)
			}
		}
	}
	got, err := s.Journal(t.Context(), "case/3", 0, 9)
	if err != nil || !reflect.DeepEqual(got, []bot.Entry{e, next}) {
		t.Errorf("journal: got %+v (%v), want %+v", got, err, []bot.Entry{e, next})
	}
}

// samples are commits with a value in every field there was when this schema was made.
func samples() []*bot.Commit {
	room := bot.Room("telegram:1")
	field := bot.Field{Name: "amount", Ask: "How much?", Kind: bot.Amount, Options: []bot.Option{{Value: "1", Label: "One"}},
		Optional: true, Max: bot.Money{Minor: 2490, Currency: "USD"}, Limit: 9, Why: "Too much."}
	offer := bot.Offer{Token: "token", Party: bot.Buyer, Event: "withdrawn", Facts: bot.Facts{"a": "b"}, Words: "Withdraw",
		Label: "Retirar", Style: bot.Danger, Form: true, Once: true, Used: true, Answer: true}
	frame := bot.Frame{Flow: "case", State: "awaiting_seller", Visit: 2, Facts: bot.Facts{"reason": "late", "order": "1"},
		Offers: []bot.Offer{offer}, Fields: []bot.Field{field}, Shown: []bot.Room{room}}
	event := bot.Event{ID: "m1", Name: "submitted", Facts: bot.Facts{"c": "d"}, By: bot.Buyer, Actor: "buyer:b", Room: room,
		Text: "cancel", Offer: "token", Fields: []bot.Field{field}}
	order := bot.Order{
		ID: "1", Buyer: "buyer:b", Seller: "seller:s", Stage: bot.Processing, Placed: base, Paid: base.Add(1), ShipBy: base.Add(2),
		Shipped:   base.Add(3),
		DeliverBy: base.Add(4), Delivered: base.Add(5), Updated: base.Add(6), Method: "card", Total: bot.Money{Minor: 2490,
			Currency: "USD"}, Shipping: bot.Money{Minor: 250, Currency: "USD"},
		Coupon: bot.Coupon{Code: "NOV5", Amount: bot.Money{Minor: 500, Currency: "USD"}, Used: true}, Carrier: "c", Tracking: "t",
		Items: []bot.Item{{ID: "i", Title: "Bamboo lamp", Quantity: 1, Price: bot.Money{Minor: 2240, Currency: "USD"},
			Image: "https://x", Cancelled: true}},
		Book: []bot.Posting{{Task: "T-1", Do: "pay_refund", Amount: bot.Money{Minor: 1, Currency: "USD"}, State: "done", Detail: "d",
			At: base}},
	}
	person := bot.Person{ID: "buyer:b", Name: "Ana", Language: "es", Zone: "Europe/Madrid", Accounts: []string{"telegram:1"},
		Rooms: []bot.Room{room}}
	used := order
	used.Version = 1
	reply := bot.Reply{
		Room: room, Mode: bot.Edit, Card: "case/1", From: "case/1", Title: "Order 1", Text: "Asked.", Quote: "please", Language: "es",
		Chatter: true, Press: "m1",
		Choices: []bot.Button{{Token: "token", Label: "Retirar", Style: bot.Danger}},
	}
	return []*bot.Commit{
		{At: base, Order: &order},
		{At: base, Person: &person},
		{
			At: base, Handled: "m1",
			Said: &bot.Message{ID: "m1", Room: room, Account: "telegram:1", Text: "cancel", Press: "token", ReplyTo: "76",
				Files: []bot.File{{Name: "a.jpg", Type: "image/jpeg", Size: 3, Hash: "00"}}, At: base},
			Conversation: &bot.Conversation{
				Key: "case/1", ID: "C-7Q2M9K4D", Frame: frame, Aside: []bot.Frame{{Flow: "home"}}, Order: "1",
				Parties: map[bot.Party]bot.PersonID{bot.Buyer: "buyer:b", bot.Seller: "seller:s"},
				Deadlines: []bot.Deadline{{Window: "seller_answer", At: base.Add(time.Hour), Event: "seller_silent",
					Visit: 2}}, Clocks: map[string]time.Time{"seller_answer": base},
				Live: []bot.Room{room}, Opened: base, Entries: 1, Head: "ab", Saw: map[string]int64{"order": 1},
			},
			Terms: []string{"open", "order:1"},
			Entry: &bot.Entry{
				Conversation: "case/1", Seq: 1, At: base, Event: event, Flow: "case", From: "", To: "awaiting_seller", Visit: 2,
				Learned: bot.Facts{"reason": "late"}, Rules: []string{"S41"},
				Policy: "p1", Used: bot.Used{Order: &used, People: []bot.Person{{ID: "buyer:b",
					Version: 1}}}, Output: "cd", Refused: "late", Prev: "00", Hash: "ab",
			},
			Tasks: []bot.Task{
				{ID: "t1", Lane: "room:telegram:1", Do: "send", Class: bot.EditClass, From: "case/1", Visit: 2, Reply: &reply, Made: base},
				{ID: "t2", Lane: "conv:case/1", Do: "tell", Class: bot.InnerClass, From: "case/1", To: "case/2", Event: event, Order: "1",
					Facts: bot.Facts{"g": "h"}, NotBefore: base, Made: base},
			},
		},
		{At: base, Handled: "m2", Conversation: &bot.Conversation{Key: "case/2", Closed: base.Add(time.Minute)}},
	}
}

// read reads all that the samples left.
func read(t *testing.T, s *Store) (all []any) {
	t.Helper()
	add := func(v any, err error) {
		t.Helper()
		wantErr(t, err, nil)
		all = append(all, v)
	}
	ctx := t.Context()
	add(s.Conversation(ctx, "case/1"))
	add(s.Conversation(ctx, "case/2"))
	add(s.Order(ctx, "1"))
	add(s.PersonAt(ctx, "telegram:1"))
	add(s.OrdersOf(ctx, "seller:s", 0, 9))
	add(s.Find(ctx, "order:1", "", 9))
	add(s.Offered(ctx, "token"))
	add(s.Sender(ctx, "telegram:1", "77"))
	add(s.Journal(ctx, "case/1", 0, 9))
	add(s.Said(ctx, "telegram:1", 0, 0, 9))
	add(s.Task(ctx, "t1"))
	add(s.Task(ctx, "t2"))
	add(s.Due(ctx, base.Add(time.Hour), 9))
	add(s.NextTask(ctx))
	add(s.Value(ctx, "clock"))
	add(s.Dead(ctx, 0, 9))
	wantErr(t, s.Commit(ctx, &bot.Commit{Handled: "m2"}), bot.ErrSeen)
	return all
}

// dump writes every key and value, but how often the file was opened.
func dump(t *testing.T, s *Store) []byte {
	t.Helper()
	var out bytes.Buffer
	wantErr(t, s.db.Update(func(tx *transaction) error {
		return tx.ForEach(func(name []byte, b *bbolt.Bucket) error {
			return b.ForEach(func(k, v []byte) error {
				if bytes.Equal(k, schemaKey) {
					v = bigEndian(schema) // as it is once the store is closed
				}
				if !bytes.Equal(k, opensKey) && !bytes.Equal(k, walKey) {
					fmt.Fprintf(&out, "%s %x %x\n", name, k, v)
				}
				return nil
			})
		})
	}), nil)
	return out.Bytes()
}

func undump(t *testing.T, path string, lines []byte) {
	t.Helper()
	db, err := openRaw(path)
	wantErr(t, err, nil)
	wantErr(t, db.Update(func(tx *transaction) error {
		for in := bufio.NewScanner(bytes.NewReader(lines)); in.Scan(); {
			parts := strings.Split(in.Text(), " ")
			b, err := tx.CreateBucketIfNotExists([]byte(parts[0]))
			wantErr(t, err, nil)
			k, err := hex.DecodeString(parts[1])
			wantErr(t, err, nil)
			v, err := hex.DecodeString(parts[2])
			wantErr(t, err, nil)
			wantErr(t, b.Put(k, v), nil)
		}
		return nil
	}), nil)
	wantErr(t, db.Close(), nil)
}
