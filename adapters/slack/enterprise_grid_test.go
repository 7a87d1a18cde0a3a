package slack_test

import (
	"context"
	"strings"
	"testing"

	"nevermind/adapters/slack"
	"nevermind/adapters/slack/slacktest"
	"nevermind/bot"
)

// TestEnterpriseGrid: a workspace of an Enterprise Grid is one like any other; what is said for a whole organization, or
// by people of another workspace of it, decides nothing.
func TestEnterpriseGrid(t *testing.T) {
	t.Parallel()
	for way, http := range map[string]bool{"socket": false, "http": true} {
		t.Run(way, func(t *testing.T) {
			h := newHarness(t, http, func(h *harness) {
				h.cfg.Desk = func(_ context.Context, who bot.Person, _ slack.Asked) (slack.Board, error) {
					return slack.Board{Text: "for " + string(who.ID)}, nil
				}
			})
			key, card := h.dispute("81000096")
			org := map[string]any{"id": "E0ORG", "name": "Never Org"}
			for i, change := range []func(p map[string]any){
				func(p map[string]any) { p["team"], p["is_enterprise_install"] = nil, true },
				func(p map[string]any) {
					p["team"] = map[string]any{"id": "T0ELSE", "domain": "else", "enterprise_id": "E0ORG"}
				},
			} {
				p := h.slack.Pressing("UMIRA", card, "Refuse")
				p.Payload["enterprise"] = org
				change(p.Payload)
				if a := p.Send(); !a.Acked || h.meter.count("updates_not_ours slack") != i+1 {
					t.Errorf("%d: acknowledged %v, counted %v", i, a.Acked, h.meter.counts)
				}
			}
			p := h.slack.Pressing("UFAR", card, "Refuse")
			p.Payload["enterprise"], p.Payload["team"] = org, map[string]any{"id": "T0OTHER", "domain": "else", "enterprise_id": "E0ORG"}
			p.Send()
			h.slack.Until("somebody of another workspace is refused",
				func() bool { return h.notes(key, "refused_decided")[bot.RefusedNotYours] == 1 })
			h.slack.Say("UFAR", desk, card.TS, "from elsewhere")
			h.slack.Say("UGUEST", desk, card.TS, "a guest's word")
			if n := h.notes(key, "note_added")[bot.RefusedColleagueNote]; n != 0 {
				t.Errorf("%d notes of people who may only read", n)
			}
			for _, user := range []string{"UFAR", "UGUEST"} {
				if a := h.slack.Command(user, desk, "queue"); !a.Acked || strings.Contains(slacktest.Shown(a.Body["blocks"]), "support:") {
					t.Errorf("%s is told %v", user, a.Body)
				}
			}
			p = h.slack.Pressing("UMIRA", card, "Refuse")
			p.Payload["enterprise"], p.Payload["is_enterprise_install"] = org, false
			p.Payload["team"] = map[string]any{"id": slacktest.Team, "domain": "never", "enterprise_id": "E0ORG",
				"enterprise_name": "Never Org"}
			p.Send()
			v := h.slack.AwaitView("UMIRA").Fill("What are your reasons? The buyer and the seller will read them.", "No.")
			stolen := v.Sending()
			stolen["user"] = map[string]any{"id": "UFAR", "name": "far", "username": "far", "team_id": "T0OTHER"}
			h.slack.Raw("interactive", stolen)
			h.slack.Raw("interactive", stolen)
			if got := h.state(key); got != "with_support" {
				t.Fatalf("a form that somebody else sends: the case stands at %s", got)
			}
			v.Send()
			v.Send()
			h.slack.Until("it is refused", func() bool { return h.state(key) == "refused" })
		})
	}
}

// TestEnterpriseGridEvent: an event of a shared channel that came about in another workspace is ours where it is sent to us too.
func TestEnterpriseGridEvent(t *testing.T) {
	t.Parallel()
	h := newHarness(t, true)
	key, card := h.dispute("81000097")
	event := func(id, team string, authorized ...any) map[string]any {
		return map[string]any{"type": "event_callback", "token": "t", "team_id": team, "enterprise_id": "E0ORG",
			"context_team_id": team, "context_enterprise_id": "E0ORG", "api_app_id": slacktest.App,
			"event_id": id, "event_time": 1, "is_ext_shared_channel": true, "authorizations": authorized,
			"event": map[string]any{"type": "message", "channel": desk, "channel_type": "channel", "user": "UMIRA",
				"user_team": slacktest.Team, "text": "shared", "ts": "1.000001", "thread_ts": card.TS, "parent_user_id": slacktest.BotUser}}
	}
	for _, e := range []map[string]any{event("EvG1", "T0ELSE"),
		event("EvG2", "T0ELSE", map[string]any{"enterprise_id": "E0ORG", "team_id": nil, "is_enterprise_install": true})} {
		if a := h.slack.Raw("events_api", e); !a.Acked {
			t.Errorf("not acknowledged: %+v", a)
		}
	}
	if n := h.meter.count("updates_not_ours slack"); n != 2 {
		t.Errorf("%d were not ours, want 2", n)
	}
	h.slack.Raw("events_api", event("EvG3", "T0ELSE",
		map[string]any{"enterprise_id": "E0ORG", "team_id": slacktest.Team, "is_enterprise_install": false}))
	if n := h.notes(key, "note_added")[bot.RefusedColleagueNote]; n != 1 {
		t.Errorf("%d notes are kept, want the one that was sent to us", n)
	}
}

// TestUnknownEnvelope: what comes by a socket under a name nobody knows is acknowledged by its id, and set aside.
func TestUnknownEnvelope(t *testing.T) {
	t.Parallel()
	h := newHarness(t, false)
	for i, payload := range []map[string]any{{"what": "something new"}, {}, nil} {
		if a := h.slack.Raw("something_new", payload); !a.Acked {
			t.Errorf("%d: not acknowledged", i)
		}
	}
	if n := h.meter.count("updates_unreadable slack"); n != 3 {
		t.Errorf("%d are counted, want 3", n)
	}
	dead, err := h.store.Dead(t.Context(), 0, 10)
	if err != nil || len(dead) == 0 || !strings.Contains(dead[0].Outcome.Dead, "unknown kind") {
		t.Errorf("set aside: %+v, %v", dead, err)
	}
}
