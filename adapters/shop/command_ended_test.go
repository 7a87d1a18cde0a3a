package shop

import (
	"errors"
	"strings"
	"testing"

	"nevermind/bot"
)

func TestDecodeEnded(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"done":          {`{"outcome":"done"}`, "order_cancelled "},
		"failed":        {`{"outcome":"failed","detail":"no such\norder\u0000"}`, "cancel_failed no such order"},
		"no reason":     {`{"outcome":"failed","detail":null}`, "cancel_failed the shop gave no reason"},
		"other":         {`{"outcome":"ok"}`, `outcome: "ok" is not an outcome; write done, failed or bounced`},
		"none":          {`{}`, "outcome: missing; it is needed"},
		"twice":         {`{"outcome":"done","outcome":"failed"}`, "outcome: given twice; keep one"},
		"unknown":       {`{"outcome":"done","amount":"1"}`, "amount: unknown field; leave it out"},
		"not an object": {`"done"`, "this is not an outcome: a string stands here; write one JSON object"},
		"a detail too long": {`{"outcome":"failed","detail":"` + strings.Repeat("x", 900) + `"}`,
			"cancel_failed " + strings.Repeat("x", 299) + "…"},
	} {
		t.Run(name, func(t *testing.T) {
			e, err := DecodeEnded([]byte(c.text))
			o, _ := e.Outcome("cancel_order")
			got := o.Event + " " + o.Facts["failure"]
			if err != nil {
				got = err.Error()
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
	if e, err := DecodeEnded([]byte(`{"outcome":"bounced","detail":"account closed"}`)); err != nil || !e.Bounced || e.Done ||
		e.Detail != "account closed" {
		t.Errorf("bounced: got %+v, %v", e, err)
	}
	if _, err := DecodeAnswer([]byte(`{"outcome":"bounced"}`)); err == nil {
		t.Error("the answer to a webhook says that what is just asked for has come back")
	}
	if _, ok := (Ended{Done: true}).Outcome("tell_shop"); ok {
		t.Error("the shop ends a task that is not its own")
	}
}

// TestDecodeAnswer: what a shop's answer says besides is no reason to send a command again, and again.
func TestDecodeAnswer(t *testing.T) {
	for text, want := range map[string]string{
		`{"outcome":"done","refund_id":"re_1","balance":{"amount":1,"lines":[null]}}`: "refund_settled ",
		`{"ok":false,"outcome":"failed","detail":{"code":7}}`:                         "refund_failed the shop gave no reason",
		`{"outcome":"failed","detail":"no funds","at":"now"}`:                         "refund_failed no funds",
		`{"outcome":"done","outcome":"failed"}`:                                       "outcome: given twice; keep one",

		`{"result":{"outcome":"done"}}`: "outcome: missing; it is needed",
		`{"outcome":true}`:              "outcome: true or false stands here; write a string",
		`[{"outcome":"done"}]`:          "this is not an outcome: an array stands here; write one JSON object",
	} {
		e, err := DecodeAnswer([]byte(text))
		o, _ := e.Outcome("pay_refund")
		got := o.Event + " " + o.Facts["failure"]
		if err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
}

func TestDecodeLink(t *testing.T) {
	p, err := DecodeLink([]byte(`{"role":"buyer","id":"b-1","name":"Ana","locale":"pt-BR","time_zone":"Europe/Madrid"}`))
	if err != nil || p.ID != "buyer:b-1" || p.Name != "Ana" || p.Language != "pt" || p.Zone != "Europe/Madrid" {
		t.Errorf("got %+v (%v)", p, err)
	}
	if p, err := DecodeLink([]byte(`{"role":"seller","id":"s-1","name":null}`)); err != nil ||
		p.ID != bot.NewPersonID(bot.Seller, "s-1") {
		t.Errorf("the least: got %+v (%v)", p, err)
	}
	_, err = DecodeLink([]byte(`{"role":"support","id":"","locale":"klingon!","time_zone":"../etc/passwd","rooms":["x"]}`))
	for _, want := range []string{`role: "support" is not a role`, "id: missing", `locale: "klingon!" is not a language`,
		`time_zone: "../etc/passwd" is not a time zone`, "rooms: "} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q in it", err, want)
		}
	}
}

// TestFaultsKeepValuesApart holds that what is passed on to a caller does not repeat what was given.
func TestFaultsKeepValuesApart(t *testing.T) {
	_, err := Decode([]byte(strings.NewReplacer("card", "CANARY card", "24.90", "CANARY", "USD", "CANARY", "processing", "CANARY",
		`"1"`, `"CANARY 1"`, "b-1", "CANARY b", "2026", "CANARY").Replace(contracted)), nil)
	var faults Faults
	if !errors.As(err, &faults) || len(faults) < 6 {
		t.Fatalf("got %d faults: %v", len(faults), err)
	}
	for _, f := range faults {
		if strings.Contains(f.Plain(), "CANARY") {
			t.Errorf("%s: %s repeats the value", f.Field, f.Plain())
		}
	}
}
