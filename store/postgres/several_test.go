package postgres

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"nevermind/bot"
	"nevermind/store/encryption"
	"nevermind/store/record"
)

// openWithSlots opens a store whose key ring is in a database, as replicas have it: each remembers keys of its own.
func openWithSlots(t *testing.T, url, ringAt string) *Store {
	t.Helper()
	cfg := config(url)
	cfg.Ring = func(string) (record.PersonalKeys, error) {
		slots, err := OpenSlots(t.Context(), ringAt)
		if err != nil {
			return nil, err
		}
		ring, err := encryption.OpenRingAt(slots, houseKey)
		if errors.Is(err, bot.ErrNone) {
			return encryption.CreateRingAt(slots, houseKey)
		}
		return ring, err
	}
	s, err := Open(t.Context(), cfg)
	wantErr(t, err, nil)
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func writes(room bot.Room, id, text string) *bot.Commit {
	return &bot.Commit{At: start, Handled: id, Said: &bot.Message{ID: id, Room: room, Account: string(room), Text: text}}
}

// TestAnErasureReachesEveryReplica: what one has erased, no other reads any more or writes under the keys that were destroyed;
// who comes again has new ones.
func TestAnErasureReachesEveryReplica(t *testing.T) {
	onlyInCI(t)
	ctx, at, ringAt := t.Context(), fresh(t), fresh(t)
	one, other := openWithSlots(t, at, ringAt), openWithSlots(t, at, ringAt)
	room := bot.Room("telegram:11")
	ana := bot.Person{ID: "buyer:b", Name: "Ana", Accounts: []string{string(room)}, Rooms: []bot.Room{room}}
	wantErr(t, one.Commit(ctx, &bot.Commit{Person: &ana}), nil)
	wantErr(t, other.Commit(ctx, writes(room, "m1", "before")), nil)
	for _, s := range []*Store{one, other} { // both remember the keys
		if said, err := s.Said(ctx, room, 0, 0, 9); err != nil || len(said) != 1 {
			t.Fatalf("said %d, %v", len(said), err)
		}
	}
	wantErr(t, one.Erase(ctx, ana), nil)
	wantErr(t, other.Commit(ctx, writes(room, "m2", "after")), nil)
	for i, s := range []*Store{one, other, openWithSlots(t, at, ringAt)} {
		said, err := s.Said(ctx, room, 0, 0, 9)
		if err != nil || len(said) != 1 || said[0].In.Text != "after" {
			t.Errorf("replica %d reads %+v, %v; want what was said afterwards", i, said, err)
		}
	}
}

// TestAKeyIsRenewed: every replica reads at once what one has encrypted with a key that it has added.
func TestAKeyIsRenewed(t *testing.T) {
	onlyInCI(t)
	ctx, at := t.Context(), fresh(t)
	one, other := open(t, at), open(t, at)
	defer one.Close()
	defer other.Close()
	before := len(one.secrets.Keys.Wrapped())
	wantErr(t, one.renewKeys(ctx), nil)
	wantErr(t, one.Commit(ctx, &bot.Commit{Order: &bot.Order{ID: "1", Buyer: "buyer:b"}}), nil)
	if o, err := other.Order(ctx, "1"); err != nil || o.Buyer != "buyer:b" {
		t.Errorf("the other reads %+v, %v", o, err)
	}
	if n := len(other.secrets.Keys.Wrapped()); n != before+1 {
		t.Errorf("the other has %d keys, want %d", n, before+1)
	}
	later := open(t, at)
	defer later.Close()
	if _, err := later.Order(ctx, "1"); err != nil {
		t.Error("after a restart:", err)
	}
}

// TestRebuildBesideChanges: a conversation that changes meanwhile is looked at again, and ends nothing.
func TestRebuildBesideChanges(t *testing.T) {
	onlyInCI(t)
	ctx := t.Context()
	s := open(t, fresh(t))
	defer s.Close()
	for i := range 20 {
		wantErr(t, s.Commit(ctx, &bot.Commit{Conversation: &bot.Conversation{Key: bot.Key(fmt.Sprint("case/", i))},
			Terms: []string{"open"}}), nil)
	}
	_, err := s.pool.Exec(ctx, `DELETE FROM terms`)
	wantErr(t, err, nil)
	var all sync.WaitGroup
	for i := range 4 {
		all.Go(func() {
			for v := range int64(10) {
				wantErr(t, s.Commit(ctx, &bot.Commit{Terms: []string{"open"},
					Conversation: &bot.Conversation{Key: bot.Key(fmt.Sprint("case/", i)), Version: v + 1}}), nil)
			}
		})
	}
	for range 3 {
		if _, err := s.Rebuild(ctx); err != nil {
			t.Error(err)
		}
	}
	all.Wait()
	if keys, err := s.Find(ctx, "open", "", 99); err != nil || len(keys) != 20 {
		t.Errorf("found %d, %v, want 20", len(keys), err)
	}
}

// TestDamagedRowsArePassedOver: what cannot be read keeps nobody from the rest, and is counted.
func TestDamagedRowsArePassedOver(t *testing.T) {
	onlyInCI(t)
	ctx := t.Context()
	s := open(t, fresh(t))
	defer s.Close()
	for i := range 5 {
		wantErr(t, s.Commit(ctx, &bot.Commit{Person: &bot.Person{ID: bot.PersonID(fmt.Sprint("buyer:", i))}}), nil)
		wantErr(t, s.Commit(ctx, &bot.Commit{At: start, Dead: "no", Tasks: []bot.Task{work(fmt.Sprint("t", i), "a")}}), nil)
	}
	for _, table := range []string{"people", "tasks"} {
		_, err := s.pool.Exec(ctx, `UPDATE `+table+` SET record = set_byte(record, 20, get_byte(record, 20) # 1)
			WHERE id = (SELECT id FROM `+table+` ORDER BY id LIMIT 1)`)
		wantErr(t, err, nil)
	}
	if people, err := s.People(ctx, bot.Buyer, "", 9); err != nil || len(people) != 4 {
		t.Errorf("%d people, %v, want 4", len(people), err)
	}
	if dead, err := s.Dead(ctx, 0, 9); err != nil || len(dead) != 4 {
		t.Errorf("%d dead letters, %v, want 4", len(dead), err)
	}
	n := 0
	if err := s.Each(ctx, func(bot.Record) error { n++; return nil }); n != 8 || !errors.Is(err, bot.ErrBroken) {
		t.Errorf("%d records, %v, want 8 and that something is damaged", n, err)
	}
	if damaged, err := s.Verify(ctx); damaged != 2 || !errors.Is(err, bot.ErrBroken) {
		t.Errorf("%d damaged, %v, want 2", damaged, err)
	}
}

// TestCommitsLockInOneOrder: whatever the order in which a commit names rooms, it takes the rows that other commits take too,
// those of names and of keys, in one order.
func TestCommitsLockInOneOrder(t *testing.T) {
	onlyInCI(t)
	ctx := t.Context()
	s := open(t, fresh(t))
	defer s.Close()
	tasks := make([]bot.Task, 0, 8)
	for i := range cap(tasks) {
		room := bot.Room(fmt.Sprint("telegram:", i))
		tasks = append(tasks, bot.Task{ID: fmt.Sprint("t", i), Lane: "room:" + string(room), Do: "send",
			Reply: &bot.Reply{Room: room, Text: "hello"}})
	}
	var first [][]byte
	for range 10 {
		rand.Shuffle(len(tasks), func(i, j int) { tasks[i], tasks[j] = tasks[j], tasks[i] })
		s.secrets.Forget()
		b := s.newBatch(nil, 1)
		b.personal = s.subjects(ctx)
		c := &bot.Commit{At: start, Tasks: tasks}
		b.check(c, nil)
		b.write(c)
		b.slots()
		var order [][]byte
		for _, q := range together(b).QueuedQueries {
			if strings.Contains(q.SQL, "INTO names") && strings.Contains(q.SQL, "INTO subjects") {
				order = append(order, slices.Concat(q.Arguments[0].([][]byte), q.Arguments[2].([][]byte))...)
			}
		}
		if first == nil {
			first = order
		}
		if len(order) != 16 || !slices.EqualFunc(first, order, bytes.Equal) {
			t.Fatalf("%d rows, in another order than before", len(order))
		}
	}
}

// TestDutiesAreOnesAlone: one of two has a duty until it ends or dies, and the other has it then.
func TestDutiesAreOnesAlone(t *testing.T) {
	onlyInCI(t)
	at := fresh(t)
	one, other := open(t, at), open(t, at)
	defer other.Close()
	var had sync.WaitGroup
	ctx, end := context.WithCancel(t.Context())
	began, next := make(chan struct{}), make(chan struct{})
	had.Go(func() {
		one.OnDuty(ctx, "poll", func(ctx context.Context) { close(began); <-ctx.Done() })
	})
	<-began
	had.Go(func() { other.OnDuty(t.Context(), "poll", func(context.Context) { close(next) }) })
	select {
	case <-next:
		t.Error("two have it")
	case <-time.After(3 * dutyRenewed):
	}
	end()
	<-next
	had.Wait()
	wantErr(t, one.Close(), nil)
}
