package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"nevermind/bot"
)

var start = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)

func work(id, lane string) bot.Task {
	return bot.Task{ID: id, Lane: lane, Do: "cancel_order", Class: bot.MoneyClass, From: "case/a"}
}

func wantErr(t *testing.T, got, want error) {
	t.Helper()
	if !errors.Is(got, want) || want == nil && got != nil {
		t.Fatalf("got error %v, want %v", got, want)
	}
}

// TestAFrozenReplicaDoesNoHarm: whoever wakes up after its lease was given to another replica attempts nothing, settles nothing
// and commits nothing; what the other has done stands. This one test runs everywhere: it goes through the whole of a store.
func TestAFrozenReplicaDoesNoHarm(t *testing.T) {
	ctx, at := t.Context(), fresh(t)
	frozen := open(t, at)
	defer frozen.Close()
	other := open(t, at)
	defer other.Close()
	wantErr(t, frozen.Commit(ctx, &bot.Commit{At: start, Handled: "m1", Conversation: &bot.Conversation{Key: "case/a"},
		Terms: []string{"open"}, Tasks: []bot.Task{work("a1", "a")}}), nil)
	old, err := frozen.Claim(ctx, start, 1, time.Minute)
	if wantErr(t, err, nil); len(old) != 1 {
		t.Fatalf("claimed %d tasks, want 1", len(old))
	}
	if early, err := other.Claim(ctx, start, 9, time.Minute); err != nil || len(early) != 0 {
		t.Fatalf("another replica claimed %d leased tasks, %v", len(early), err)
	}
	now, err := other.Claim(ctx, start.Add(2*time.Minute), 1, time.Minute)
	if wantErr(t, err, nil); len(now) != 1 || now[0].Epoch <= old[0].Epoch {
		t.Fatalf("claimed %+v, want one lease above epoch %d", now, old[0].Epoch)
	}
	wantErr(t, frozen.Attempt(ctx, old...), bot.ErrFenced)
	wantErr(t, frozen.Settle(ctx, old[0], start, bot.Outcome{Dead: "late"}), bot.ErrFenced)
	wantErr(t, frozen.Commit(ctx, &bot.Commit{Handled: "m2", Settle: &bot.Settlement{Lease: old[0]}}), bot.ErrFenced)
	wantErr(t, frozen.Commit(ctx, &bot.Commit{Handled: "m1"}), bot.ErrSeen)
	wantErr(t, other.Commit(ctx, &bot.Commit{Handled: "m2", Conversation: &bot.Conversation{Key: "case/a", Version: 1},
		Settle: &bot.Settlement{Lease: now[0], Outcome: bot.Outcome{Event: "order_cancelled"}}}), nil)
	wantErr(t, frozen.Commit(ctx, &bot.Commit{Conversation: &bot.Conversation{Key: "case/a", Version: 1}}), bot.ErrStale)
	r, err := frozen.Task(ctx, "a1")
	if wantErr(t, err, nil); r.State != bot.TaskDone || r.Outcome.Event != "order_cancelled" {
		t.Fatalf("the task is %+v", r)
	}
}

// TestAReplicaThatStopsGivesBackItsLeases: another goes on with them at once.
func TestAReplicaThatStopsGivesBackItsLeases(t *testing.T) {
	onlyInCI(t)
	ctx, at := t.Context(), fresh(t)
	one, other := open(t, at), open(t, at)
	defer other.Close()
	wantErr(t, one.Commit(ctx, &bot.Commit{At: start, Tasks: []bot.Task{work("a1", "a"), work("b1", "b")}}), nil)
	if _, err := one.Claim(ctx, start, 1, time.Hour); err != nil {
		t.Fatal(err)
	}
	mine, err := other.Claim(ctx, start, 9, time.Hour)
	if err != nil || len(mine) != 1 {
		t.Fatalf("claimed %d, %v, want the one that is free", len(mine), err)
	}
	wantErr(t, one.Close(), nil)
	rest, err := other.Claim(ctx, start, 9, time.Hour)
	if err != nil || len(rest) != 1 || rest[0].Task.ID == mine[0].Task.ID {
		t.Fatalf("claimed %+v, %v, want what the other had", rest, err)
	}
	wantErr(t, other.Settle(ctx, mine[0], start, bot.Outcome{}), nil)
}

// TestReplicasMayStartAtOnce: of several that find an empty database one makes it, and all read what each writes.
func TestReplicasMayStartAtOnce(t *testing.T) {
	onlyInCI(t)
	at := fresh(t)
	var all [3]*Store
	var wg sync.WaitGroup
	for i := range all {
		wg.Go(func() {
			s, err := Open(context.Background(), config(at))
			if err != nil {
				t.Error(err)
				return
			}
			all[i] = s
		})
	}
	wg.Wait()
	for i, s := range all {
		if s == nil {
			t.FailNow()
		}
		defer s.Close()
		wantErr(t, s.Commit(t.Context(), &bot.Commit{Order: &bot.Order{ID: fmt.Sprint(i), Buyer: "buyer:b"}}), nil)
	}
	for _, s := range all {
		if got, err := s.OrdersOf(t.Context(), "buyer:b", 0, 9); err != nil || len(got) != 3 {
			t.Fatalf("read %d orders, %v, want 3", len(got), err)
		}
	}
}

// TestWhatIsInEachOthersWayIsMadeAgain: a transaction that the database undoes for another's sake is made again, once.
func TestWhatIsInEachOthersWayIsMadeAgain(t *testing.T) {
	onlyInCI(t)
	ctx := t.Context()
	s := open(t, fresh(t))
	for _, sql := range []string{
		`CREATE SEQUENCE tries`,
		`CREATE FUNCTION undo() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
			IF nextval('tries') <= 4 THEN RAISE EXCEPTION USING ERRCODE = (ARRAY['40001', '40P01'])[1 + currval('tries') % 2]; END IF;
			RETURN NEW; END $$`,
		`CREATE TRIGGER undo BEFORE INSERT ON handled FOR EACH ROW EXECUTE FUNCTION undo()`,
	} {
		if _, err := s.pool.Exec(ctx, sql); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() {
		for _, sql := range []string{`DROP TRIGGER undo ON handled`, `DROP FUNCTION undo`, `DROP SEQUENCE tries`} {
			if _, err := s.pool.Exec(context.Background(), sql); err != nil {
				t.Error(err)
			}
		}
		_ = s.Close()
	})
	wantErr(t, s.Commit(ctx, &bot.Commit{Handled: "m1", Conversation: &bot.Conversation{Key: "case/a"}}), nil)
	if c, err := s.Conversation(ctx, "case/a"); err != nil || c.Version != 1 {
		t.Fatalf("version %d, %v, want 1", c.Version, err)
	}
}

// TestAConnectionLostInACommit: whether the database has made it and nobody heard, or has never heard of it, the commit is there
// once in the end, and who made it is told so.
func TestAConnectionLostInACommit(t *testing.T) {
	onlyInCI(t)
	ctx, at := t.Context(), fresh(t)
	wire := newWire(t, at)
	s := open(t, wire.at)
	defer s.Close()
	for i, cut := range []int32{cutAnswer, cutQuestion, cutAnswer, cutQuestion} {
		key := bot.Key(fmt.Sprint("case/", i))
		c := &bot.Commit{At: start, Handled: fmt.Sprint("m", i), Conversation: &bot.Conversation{Key: key},
			Entry: &bot.Entry{Conversation: key, Seq: 1}, Tasks: []bot.Task{work(fmt.Sprint("t", i), "a")}}
		wire.cut.Store(cut)
		wantErr(t, s.Commit(ctx, c), nil)
		if wire.cut.Load() != 0 {
			t.Fatal("nothing was cut")
		}
		got, err := s.Conversation(ctx, key)
		if err != nil || got.Version != 1 {
			t.Fatalf("version %d, %v, want 1", got.Version, err)
		}
		wantErr(t, s.Commit(ctx, c), bot.ErrSeen)
	}
	if got, err := s.Claim(ctx, start, 9, time.Minute); err != nil || len(got) != 1 {
		t.Fatalf("claimed %d, %v, want the head of one lane", len(got), err)
	}
}

// wire stands between a store and its database, and may be cut.
type wire struct {
	at  string
	cut atomic.Int32
}

// What is lost: the answer to a commit, or the commit itself.
const (
	cutAnswer int32 = iota + 1
	cutQuestion
)

// newWire leads to a database's socket. What it cuts is the next batch, which is known by what it says.
func newWire(t *testing.T, at string) *wire {
	t.Helper()
	to, err := url.Parse(at)
	wantErr(t, err, nil)
	folder := t.TempDir()
	if len(folder) > 80 { // a socket's name is short
		folder = filepath.Join("/tmp", filepath.Base(filepath.Dir(folder))[:8]+filepath.Base(folder))
	}
	server := filepath.Join(to.Query().Get("host"), ".s.PGSQL.5432")
	l, err := net.Listen("unix", filepath.Join(folder, ".s.PGSQL.5432"))
	wantErr(t, err, nil)
	t.Cleanup(func() { _ = l.Close() })
	w := &wire{at: strings.Replace(at, url.QueryEscape(to.Query().Get("host")), url.QueryEscape(folder), 1)}
	go func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			go w.carry(client, server)
		}
	}()
	return w
}

func (w *wire) carry(client net.Conn, server string) {
	to, err := net.Dial("unix", server)
	if err != nil {
		_ = client.Close()
		return
	}
	var lost atomic.Bool
	end := func() { _ = client.Close(); _ = to.Close() }
	go func() {
		defer end()
		buffer := make([]byte, 64<<10)
		for {
			n, err := client.Read(buffer)
			if err != nil {
				return
			}
			if isCommit(buffer[:n]) {
				if w.cut.CompareAndSwap(cutQuestion, 0) {
					return
				}
				if w.cut.CompareAndSwap(cutAnswer, 0) {
					lost.Store(true)
				}
			}
			if _, err := to.Write(buffer[:n]); err != nil {
				return
			}
		}
	}()
	defer end()
	buffer := make([]byte, 64<<10)
	for {
		n, err := to.Read(buffer)
		if err != nil || lost.Load() {
			return // the database has done it by now
		}
		if _, err := io.Copy(client, strings.NewReader(string(buffer[:n]))); err != nil {
			return
		}
	}
}

// isCommit knows a batch by its messages: a Bind first, and a Sync at the end of several Executes.
func isCommit(b []byte) bool {
	return len(b) > 0 && b[0] == 'B' && strings.Count(string(b), "E\x00\x00\x00\x09\x00") > 1
}

// TestNothingIsReadableInTheDatabase: of names, orders, titles, amounts and letters nothing lies in the clear, in whatever
// column.
func TestNothingIsReadableInTheDatabase(t *testing.T) {
	onlyInCI(t)
	ctx := t.Context()
	s := open(t, fresh(t))
	defer s.Close()
	secret := "Xylophone"
	room, at := bot.Room("telegram:"+secret), start
	key := bot.TalkKey(room, &bot.Person{})
	wantErr(t, s.Commit(ctx, &bot.Commit{At: at, Handled: secret,
		Said: &bot.Message{Room: room, Account: "telegram:" + secret, Text: secret},
		Conversation: &bot.Conversation{Key: key, Order: secret, Frame: bot.Frame{Flow: "cancel", State: "asking",
			Facts: bot.Facts{"reason": secret}}}, Terms: []string{"order:" + secret},
		Order:  &bot.Order{ID: secret, Buyer: "buyer:" + bot.PersonID(secret), Items: []bot.Item{{Title: secret}}},
		Person: &bot.Person{ID: "buyer:" + bot.PersonID(secret), Name: secret, Accounts: []string{"telegram:" + secret}},
		Entry:  &bot.Entry{Conversation: key, Seq: 1, Event: bot.Event{Text: secret}},
		Tasks: []bot.Task{{ID: secret, Lane: "room:" + string(room), Do: "send", Reply: &bot.Reply{Room: room, From: key, Card: key,
			Text: secret}}}}), nil)
	l, err := s.Claim(ctx, at, 9, time.Minute)
	if wantErr(t, err, nil); len(l) != 1 {
		t.Fatalf("claimed %d, want 1", len(l))
	}
	wantErr(t, s.Settle(ctx, l[0], at, bot.Outcome{Ref: bot.Ref(secret), Facts: bot.Facts{"x": secret}}), nil)
	var copied strings.Builder
	wantErr(t, s.Backup(ctx, &copied), nil)
	if strings.Contains(copied.String(), secret) || !strings.Contains(copied.String(), "asking") {
		t.Fatal("what should be encrypted is in the clear, or nothing was copied")
	}
}
