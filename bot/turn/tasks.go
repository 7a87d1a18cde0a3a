package turn

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"maps"
	"slices"

	"nevermind/bot"
)

// asked makes the tasks by which other conversations are told: a move Asks, and what comes of it is a task that tells.
func (t *turn) asked(m bot.Move) []bot.Task {
	var tasks []bot.Task
	for _, ask := range m.Asks {
		key, ev := ask(t.v, t.v.Event)
		if key == "" {
			continue
		}
		t.handOn(key, &ev)
		if ev.By == "" {
			ev.By, ev.Actor, ev.Room = t.v.Event.By, t.v.Event.Actor, t.v.Event.Room
		}
		ev.Whose = t.toldOf(&ev)
		id := t.id()
		ev.ID = "task:" + id
		tasks = append(tasks, bot.Task{ID: id, Lane: "conv:" + string(key), Do: bot.DoTell, Class: bot.InnerClass,
			From: t.v.Conv.Key, To: key, Event: ev, Made: t.v.Now})
	}
	return tasks
}

// toldOf is whose the words are that a record tells another of, where they are not the actor's.
func (t *turn) toldOf(ev *bot.Event) (whose map[string]bot.PersonID) {
	if t.flow.Talk {
		return nil
	}
	for name, value := range ev.Facts {
		if !bot.PersonalFact(name) || value == "" {
			continue
		}
		if of := t.whoseWords(value); of != "" && of != ev.Actor {
			if whose == nil {
				whose = map[string]bot.PersonID{}
			}
			whose[name] = of
		}
	}
	return whose
}

// handOn has what follows a case, such as the watch over its refund, begin with the case's policy rather than a newer one.
func (t *turn) handOn(key bot.Key, ev *bot.Event) {
	follows, kept := t.ByName[key.Kind()], t.out.Conv.Facts[bot.PolicyFact]
	if follows == nil || !follows.Keeps || follows.Case || kept == "" || kept == t.v.Policy.Version ||
		!slices.Contains(follows.Born, ev.Name) {
		return
	}
	facts := bot.Facts{bot.PolicyFact: kept}
	maps.Copy(facts, ev.Facts)
	ev.Facts = facts
}

// ids is base64url's alphabet in the order of its bytes, so that what is written in it sorts as its bytes do.
var ids = base64.NewEncoding("-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz").WithPadding(base64.NoPadding)

// id makes an id of 22 characters: 48 bits of the view's time in milliseconds, then 80 bits from its seed. The time makes ids
// that are made together neighbours wherever they are stored in order; the rest cannot be guessed. One hash serves three ids.
func (t *turn) id() string {
	const bits, each = 10, sha256.Size / 10 // bytes of an id, ids of a hash
	if t.ids%each == 0 {
		var in [20]byte
		copy(in[:], t.v.Seed[:])
		binary.BigEndian.PutUint32(in[16:], t.ids/each)
		t.random = sha256.Sum256(in[:])
	}
	var out [16]byte
	binary.BigEndian.PutUint64(out[:], uint64(t.v.Now.UnixMilli())<<16)
	copy(out[6:], t.random[t.ids%each*bits:][:bits])
	t.ids++
	return ids.EncodeToString(out[:])
}

// sends makes the tasks by which the turn's replies reach their rooms.
func (t *turn) sends() {
	first := len(t.out.Tasks)
	t.out.Tasks = slices.Grow(t.out.Tasks, len(t.out.Replies))
	for i := range t.out.Replies {
		r := &t.out.Replies[i]
		class := bot.PostClass
		switch r.Mode {
		case bot.Edit, bot.Strip:
			class = bot.EditClass
		case bot.Aside:
			class = bot.AnswerClass
		}
		t.out.Tasks = append(t.out.Tasks, bot.Task{ID: t.id(), Lane: "room:" + string(r.Room), Do: bot.DoSend, Class: class,
			From: r.From, Reply: r, Made: t.v.Now})
	}
	if !t.flow.Talk {
		t.noteAsked(t.out.Tasks[first:])
	}
}
