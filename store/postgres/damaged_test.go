package postgres

import (
	"testing"
	"time"

	"nevermind/bot"
)

// TestDamagedHeadIsSetAside: the damaged head of a lane is handed out once, to be set aside; what stands behind it is done, and
// it is listed and can be dropped.
func TestDamagedHeadIsSetAside(t *testing.T) {
	s := open(t, fresh(t))
	at := time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	said := func(id string) *bot.Commit {
		return &bot.Commit{At: at, Tasks: []bot.Task{{ID: id, Lane: "room:telegram:li", Do: bot.DoSend,
			Reply: &bot.Reply{Room: "telegram:li", Text: id}}}}
	}
	try := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	try(s.Commit(t.Context(), said("first")))
	_, err := s.pool.Exec(t.Context(), `UPDATE tasks SET record = set_byte(record, 40, get_byte(record, 40) # 1)`)
	try(err)
	try(s.Commit(t.Context(), said("second")))
	var did []string
	for range 3 {
		leases, err := s.Claim(t.Context(), at.Add(time.Hour), 9, time.Minute)
		try(err)
		for _, l := range leases {
			o := bot.SentAs("1")
			if l.Task.Do == bot.DoDamaged {
				o = bot.GivenUp("it is damaged")
			}
			did = append(did, l.Task.Do)
			try(s.Settle(t.Context(), l, at.Add(time.Hour), o))
		}
	}
	if len(did) != 2 || did[0] != bot.DoDamaged || did[1] != bot.DoSend {
		t.Errorf("done: %q", did)
	}
	dead, err := s.Dead(t.Context(), 0, 9)
	if try(err); len(dead) != 1 || dead[0].Outcome.Dead != "it is damaged" {
		t.Fatalf("set aside: %+v", dead)
	}
	try(s.Commit(t.Context(), &bot.Commit{At: at, Act: &bot.Act{Task: dead[0].Task.ID, Drop: true}}))
	if dead, err := s.Dead(t.Context(), 0, 9); err != nil || len(dead) != 0 {
		t.Errorf("dropped, and there still: %+v, %v", dead, err)
	}
}
