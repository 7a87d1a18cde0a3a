package bolt

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"nevermind/bot"
)

// ringMeanwhile lets somebody in just before keys are destroyed.
type ringMeanwhile struct {
	PersonalKeys
	meanwhile func()
}

func (r *ringMeanwhile) Destroy(slots ...uint32) error {
	r.meanwhile()
	return r.PersonalKeys.Destroy(slots...)
}

var anaInAll = bot.Person{ID: "buyer:b", Name: "ANA-NAME", Accounts: []string{"telegram:ANA-AT"},
	Rooms: []bot.Room{"telegram:ANA-ROOM"}}

// TestMessageInTheMiddleOfAnErasure: a room in which somebody writes while it is being erased goes on: the new talk is read and
// answered, also after a restart, and its keys are none of those that were destroyed.
func TestMessageInTheMiddleOfAnErasure(t *testing.T) {
	dir := t.TempDir()
	s := openIn(t, dir, encrypted(houseKey))
	ana := anaInAll
	wantErr(t, s.Commit(t.Context(), &bot.Commit{At: base, Person: &ana}), nil)
	wantErr(t, s.Commit(t.Context(), talked(0)), nil)
	if did := doAll(t, s); did != "t0" {
		t.Fatalf("done: %s", did)
	}
	came := false
	s.db.secrets.Ring = &ringMeanwhile{s.db.secrets.Ring, func() {
		came = true
		for range 3 { // as the engine does
			c := talked(0)
			c.Tasks[0].ID, c.Tasks[0].Reply.Text, c.Said.Text = "again", "Hello again", "again"
			c.Conversation.Facts = bot.Facts{"story": "NEW-STORY"}
			err := s.Commit(t.Context(), c)
			if errors.Is(err, bot.ErrStale) {
				continue
			}
			wantErr(t, err, nil)
			return
		}
		t.Error("the message is never handled")
	}}
	wantErr(t, s.Erase(t.Context(), ana), nil)
	if !came {
		t.Fatal("nobody came: this tests nothing")
	}
	wantErr(t, s.Close(), nil)
	s = openIn(t, dir, encrypted(houseKey))
	defer s.Close()
	c, err := s.Conversation(t.Context(), "talk/telegram:ANA-ROOM")
	if err != nil || c.Facts["story"] != "NEW-STORY" {
		t.Errorf("the new talk: %+v, %v", c, err)
	}
	if did := doAll(t, s); did != "again" {
		t.Errorf("done: %q", did)
	}
	next := talked(1)
	next.Entry.Seq, next.Tasks[0].ID = 2, "next"
	wantErr(t, s.Commit(t.Context(), next), nil)
}

// TestErasedInOneGroup: who is erased in the same transaction in which they still wrote is not kept in memory.
func TestErasedInOneGroup(t *testing.T) {
	s := openIn(t, t.TempDir(), encrypted(houseKey))
	defer s.Close()
	ana := anaInAll
	wantErr(t, s.Commit(t.Context(), &bot.Commit{At: base, Person: &ana}), nil)
	wantErr(t, s.Commit(t.Context(), talked(0)), nil)
	e, err := s.planErasure(t.Context(), ana)
	wantErr(t, err, nil)
	begun, gate := make(chan bool), make(chan bool)
	go func() {
		_ = s.update(t.Context(), func(*writeBatch) error { close(begun); <-gate; return nil })
	}()
	<-begun
	next := talked(1)
	next.Handled, next.Entry.Seq = "next", 2
	p, err := s.prepare(t.Context(), next)
	wantErr(t, err, nil)
	late := talked(2)
	late.Entry.Seq = 3
	after, err := s.prepare(t.Context(), late) // under the old keys
	wantErr(t, err, nil)
	var asked []*writeRequest
	for _, run := range []func(b *writeBatch) error{p.apply, func(b *writeBatch) error { return b.erase(e) }, after.apply} {
		r := &writeRequest{run: run, done: make(chan error, 1)}
		asked = append(asked, r)
		s.queue <- r
	}
	close(gate)
	wantErr(t, <-asked[0].done, nil)
	wantErr(t, <-asked[1].done, nil)
	wantErr(t, <-asked[2].done, bot.ErrStale)
	if c, err := s.Conversation(t.Context(), next.Conversation.Key); !errors.Is(err, bot.ErrNone) {
		t.Errorf("the talk is read still: %+v, %v", c, err)
	}
	wantErr(t, s.finishErasure(t.Context(), e), nil)
	if leases, err := s.Claim(t.Context(), base.Add(time.Hour), 9, time.Minute); err != nil || len(leases) != 0 {
		t.Errorf("still to be done: %+v, %v", leases, err)
	}
	if bytes.Contains(everything(t, s), []byte("ANA-")) {
		t.Error("it is read still")
	}
}

// damagedRing is one whose slots cannot be read.
type damagedRing struct{ PersonalKeys }

func (damagedRing) Has(uint32) (bool, error) { return false, bot.ErrBroken }

// TestDamagedSlotIsRefused: whose key is damaged is given no other one in silence, which would leave all of theirs behind that an
// undamaged copy of the ring could still read.
func TestDamagedSlotIsRefused(t *testing.T) {
	s := openIn(t, t.TempDir(), encrypted(houseKey))
	defer s.Close()
	wantErr(t, s.Commit(t.Context(), talked(0)), nil)
	sound := s.db.secrets.Ring
	s.db.secrets.Ring = damagedRing{sound}
	s.db.secrets.Forget()
	next := talked(1)
	next.Handled, next.Entry.Seq = "next", 2
	wantErr(t, s.Commit(t.Context(), next), bot.ErrBroken)
	s.db.secrets.Ring = sound
	wantErr(t, s.Commit(t.Context(), next), nil)
	if c, err := s.Conversation(t.Context(), next.Conversation.Key); err != nil || c.Version != 2 {
		t.Errorf("the talk: %+v, %v", c, err)
	}
}
