package bot

import (
	"strconv"
	"sync"
	"time"
)

// Policy is what a marketplace decides, as data: windows, choices, refunds, reasons, each with its sources.
type Policy struct {
	Name     string
	Version  string              // a hash of everything in it; the journal keeps it
	Windows  map[string]Window   // "seller_answer"
	Choices  map[string]string   // "seller_silence" is "approve" or "support"
	Refunds  map[string]Interval // by payment method; "other" is used for the rest
	Reasons  []Reason            // in the order they are shown (S33)
	Evidence map[string][]Proof  // what settles it sooner, by what is wrong, why it is cancelled, or where a case stands (S52)
	Replies  []CannedReply       // what support has ready to write
	Calendar Calendar            // business days; never nil
	Sources  map[string][]string // the rules behind an entry: "windows.seller_answer" to [S41]
	Claims   []Claim             // what the sources say where they disagree (Q1–Q14)

	Overrides []Override // what counts otherwise for a seller or a country; see For

	SecondPersonAbove Money // a decision by which more goes back needs two people of support; zero: never

	Leads   []string // ids of support's leads, who are told what has waited long: "mira" is the person "support:mira"
	Origins []string // ISO 3166 codes of where goods are sent from; empty is anywhere
	Fees    []Fee    // S82
	// RefundOrder lists methods of payment that are given back first; the rest follow, the one that was paid last first.
	RefundOrder []string
	// Retention is how long what is over is kept, by what it is: "tasks", "rooms", "cases"; zero, or left out, is for ever.
	// "obliged" is how long law obliges to keep what was paid.
	Retention map[string]Window
	Appeal    Window // zero: none

}

// Window is a span of time: a plain length, or a number of business days.
type Window struct {
	Length       time.Duration
	BusinessDays int
}

// IsZero says whether the window is not set.
func (w Window) IsZero() bool { return w == Window{} }

// String writes a window shortly: "24h", "20d", "3bd".
func (w Window) String() string {
	if w.BusinessDays > 0 {
		return strconv.Itoa(w.BusinessDays) + "bd"
	}
	if h := w.Length / time.Hour; w.Length%(24*time.Hour) == 0 {
		return strconv.Itoa(int(h/24)) + "d"
	} else if w.Length%time.Hour == 0 {
		return strconv.Itoa(int(h)) + "h"
	}
	return w.Length.String()
}

// Interval is what can honestly be said of how long something takes.
type Interval struct{ Min, Max Window }

// Reason is why a buyer cancels, and whom the platform holds at fault for it (S34, S35, Q11).
type Reason struct {
	ID    string
	Label string // English
	Fault Party
	Fine  bool // the seller may be fined
}

// Claim is what one source says of an open question.
type Claim struct {
	Question string   // "Q1"
	About    string   // a policy entry, "windows.seller_answer"; or an order's field; or empty
	Says     string   // English
	Source   []string // rules of the field, and who says so
	Seen     string   // the day it was read, "2026-11-20"
}

// Proof is one thing that a side can show, and by which a case is settled sooner (S50, S52, S58, S62).
type Proof struct {
	ID    string
	Label string // English, on a button: "The label"
	Ask   string // English, in a sentence: "the label on the parcel"
	From  Party  // who brings it
}

// Shown is one line of a case's checklist: what a side can show, and the files by which it has.
type Shown struct {
	Proof
	Files []File // empty: it is missing
}

// CannedReply is what support has ready to write to a side, with {names} that are filled in.
type CannedReply struct {
	ID    string
	Label string            // English, for agents
	To    Party             // empty is either side
	Texts map[string]string // by language; English is always there
}

// Fee is what a seller may keep back (S82).
type Fee struct {
	Seller string // "" is any
	Amount Money
	Note   string
}

// Calendar knows which days are business days.
type Calendar interface {
	// Add returns the instant n business days after from, at the same time of day in zone.
	Add(from time.Time, n int, zone *time.Location) time.Time
}

// After returns the instant at which a window that starts at from is over, counting business days in zone.
func (p *Policy) After(w Window, from time.Time, zone *time.Location) time.Time {
	if w.BusinessDays > 0 {
		return p.Calendar.Add(from, w.BusinessDays, zone).UTC()
	}
	return from.Add(w.Length).UTC()
}

// Refund returns the interval for a payment method, or that of "other".
func (p *Policy) Refund(method string) Interval {
	if i, ok := p.Refunds[method]; ok {
		return i
	}
	return p.Refunds["other"]
}

// Reason finds a reason by its id.
func (p *Policy) Reason(id string) (Reason, bool) {
	for _, r := range p.Reasons {
		if r.ID == id {
			return r, true
		}
	}
	return Reason{}, false
}

var zones sync.Map // name to *time.Location

// zone loads a time zone once; an unknown or empty name is UTC.
func zone(name string) *time.Location {
	if l, ok := zones.Load(name); ok {
		return l.(*time.Location)
	}
	l, err := time.LoadLocation(name)
	if err != nil {
		l = time.UTC
	}
	zones.Store(name, l)
	return l
}
