package flows_test

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"nevermind/bot"
)

// sameness is what tells places apart: where the records stand, what is on offer, known and waited for, and in which order it
// will pass. Times themselves, ids, words and what nothing reads any more do not: see alike.
func (m *mover) sameness(w *world) string {
	var b strings.Builder
	for _, p := range m.parts(w) {
		b.WriteString(p.name + "=" + p.value + "\n")
	}
	return b.String()
}

// key is sameness, shortly.
func (m *mover) key(w *world) [16]byte {
	sum := sha256.Sum256([]byte(m.sameness(w)))
	return [16]byte(sum[:])
}

// part is one of the things that tell places apart.
type part struct{ name, value string }

func (m *mover) parts(w *world) (all []part) {
	say := func(name, value string) {
		if value != "" {
			all = append(all, part{name, value})
		}
	}
	say("stage", string(w.order.Stage))
	say("refunded", w.order.Refunded.Amount())
	say("news", fmt.Sprintf("%b", w.news))
	say("left", w.order.Refundable().Amount())
	for _, c := range w.records {
		if !c.Closed.IsZero() {
			if c.Flow != "arrival" { // how it became known that the money is there
				say(c.Flow, c.State+" closed")
			}
			continue
		}
		say(c.Flow, c.State)
		for _, name := range slices.Sorted(maps.Keys(c.Facts)) {
			say(c.Flow+"."+name, m.counts(c, name))
		}
		say(c.Flow+" files", shown(c))
		say(c.Flow+" offers", strings.Join(offered(c), " "))
	}
	say("waits", strings.Join(m.waits(w), " "))
	say("works", strings.Join(m.worked(w), " "))
	return all
}

// offered is what can be pressed in a record and leads anywhere.
func offered(c *bot.Conversation) (all []string) {
	for _, o := range c.Offers {
		if o.Answer && (o.Event == "seller_wrote" || o.Event == "decision_undone") {
			continue // the card has one that does as much
		}
		if !asides[o.Event] && !o.Unfolds() && !o.Used && (o.Event != "proof_named" || c.Flow == "case" && o.Party == bot.Seller) {
			all = append(all, string(o.Party)+"/"+o.Event)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// shown is what a seller has shown: of the files in a record nothing else is ever asked, and that of a request to cancel alone.
func shown(c *bot.Conversation) string {
	from := func(x bot.Exhibit) bool { return x.By == bot.Seller }
	if c.Flow != "case" || !slices.ContainsFunc(c.Exhibits, from) {
		return ""
	}
	return fmt.Sprint("shown ", c.Facts["shown_else"] != "", " ", c.Facts["shown_dispatch"] != "")
}

// waits are the windows that run.
func (m *mover) waits(w *world) (names []string) {
	for _, c := range w.records {
		for _, d := range c.Deadlines {
			if c.Closed.IsZero() && !m.reminds(c, &d) && d.Window != "snooze" {
				names = append(names, c.Flow+"."+d.Name())
			}
		}
	}
	slices.Sort(names)
	return names
}

// reminds says whether a deadline only says something: the half of a window, or one that a flow has wherever it stands, about a
// letter or a parcel.
func (m *mover) reminds(c *bot.Conversation, d *bot.Deadline) bool {
	return d.Half || slices.ContainsFunc(m.rules.ByName[c.Flow].After, func(f bot.Wait) bool { return f.Event == d.Event })
}

// worked is what the shop was asked and has not answered: whether the record still waits for that answer, and of a refund how
// much is posted for it.
func (m *mover) worked(w *world) (all []string) {
	for i := range w.works {
		t := &w.works[i]
		if m.forgotten(w, t) {
			continue
		}
		name := t.Do
		if t.Do == "pay_refund" || t.Do == "cancel_order" {
			if n, known := w.record(t.From); known && w.records[n].Facts["attempt"] != t.Facts["attempt"] {
				name += " before"
			}
			for _, p := range w.order.Book {
				if p.Task == t.ID {
					name += " " + p.State + " " + p.Amount.Amount()
				}
			}
		}
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}

// onlyWords are facts that are said and decide nothing.
var onlyWords = map[string]bool{
	"id": true, "kind": true, "order": true, "note": true, "rejection": true, "refusal": true, "call_note": true, "caller": true,
	"grounds": true, "held_grounds": true, "dispatch": true, "offer_note": true, "reference": true, "decider_name": true,
	"seconder_name": true, "could_go_back": true, "last": true, "said": true, "called_for": true, "by_phone": true,
	"late_visit": true, "late_count": true, "failure": true, "story": true, "carrier": true, "tracking_code": true,
	"return_carrier": true, "confirmed": true, "want_amount": true, "attempt": true,
	"seconder": true, "still_told": true, "room": true, "reason": true, "asked_halfway": true, "support_due": true,
	"taken": true, "sum": true, "ruled_amount": true, "offer_by": true, "offer_kept": true, "received": true, "proof": true,
	"parcel_fault": true, "finding": true, "noter_name": true, "policy": true,
	"letters": true, "last_writer": true, "letter_visit": true, "agent": true, "agent_name": true, "hand_to": true, "link": true,
	"reply": true, "reply_text": true, "reply_language": true, "reply_to": true, "still_since": true, "still_parcels": true,
}

// counts is what of a fact makes a difference where a record stands; empty where it makes none.
func (m *mover) counts(c *bot.Conversation, name string) string {
	value := c.Facts[name]
	heldNow := c.Facts["held_visit"] == fmt.Sprint(c.Visit) && c.Facts["held"] != ""
	switch {
	case value == "", onlyWords[name], strings.HasPrefix(name, "shown_"), strings.HasPrefix(name, "snooze_"):
		return ""
	case strings.HasPrefix(name, "offer_"):
		if c.State != "weighing_offer" && c.State != "weighing_counter" {
			return "" // of an offer that is off the table
		}
	case strings.HasPrefix(name, "evidence_"):
		if c.State != "awaiting_evidence" || name != "evidence_of" {
			return ""
		}
	case strings.HasPrefix(name, "claim_"), strings.HasPrefix(name, "solution_"), strings.HasPrefix(name, "proposal_"):
		if c.State == "refunding" || c.Facts["stuck"] != "" || strings.HasSuffix(name, "_note") {
			return "" // what was agreed has taken their place
		}
	case name == "return_code", name == "return_address":
		return "given"
	case c.Flow == "dispute" && (name == "asked" || name == "amount" && m.undecided(c)):
		return "" // the next that is agreed brings its own
	case name == "doubts" && value == "still":
		return "" // that a parcel stands still is only said
	case name == "why":
		return whyCounts(value)
	case name == "stored":
		if c.Facts["way"] != "leave" {
			return ""
		}
	case name == "decider", name == "held_visit", name == "held", strings.HasPrefix(name, "held_"):
		if !heldNow {
			return ""
		}
		if name == "held_visit" {
			return "now"
		}
	case name == "noted_by", strings.HasPrefix(name, "phone_"):
		if c.Facts["phone_visit"] != fmt.Sprint(c.Visit) || name == "phone_note" || name == "phone_caller" {
			return ""
		}
		if name == "phone_visit" {
			return "now"
		}
	case name == "verdict" && value != "refused":
		return "given"
	case name == "agreed" && value != "unpaid":
		return "something"
	case c.Flow == "arrival":
		return ""
	}
	if _, err := time.Parse(time.RFC3339, value); err == nil {
		return "T"
	}
	return value
}

// undecided says whether it is open in a dispute what goes back, and silence does not send what was agreed before.
func (m *mover) undecided(c *bot.Conversation) bool {
	switch c.State {
	case "negotiating", "awaiting_seller":
		return true
	case "with_support", "awaiting_evidence":
		return c.Facts["stuck"] == "" && m.policy.Choices["support_silence"] != "buyer"
	}
	return false
}

// whyCounts keeps of why support has a case what a condition asks for.
func whyCounts(why string) string {
	if strings.HasSuffix(why, "_failed") {
		return "failed"
	}
	switch why {
	case "cancel_unanswered", "refund_held", "refund_doubled", "law_shipped", "came_back":
		return why
	}
	return ""
}
