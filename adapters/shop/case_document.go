package shop

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"nevermind/bot"
)

// Case is a case as the contract writes it: where it stands, what happens if nobody moves, and how it came there.
type Case struct {
	// ID is the short name that people see, such as C-7Q2M9K4D; it never changes and is not the key in the store.
	ID       string `json:"id"`
	OrderID  string `json:"order_id"`
	BuyerID  string `json:"buyer_id"`
	SellerID string `json:"seller_id"`
	// Kind may differ from what was asked for: an order that had left is disputed, not cancelled.
	Kind      string         `json:"kind" enum:"cancellation,return,dispute,refund"`
	Follows   string         `json:"follows,omitempty" doc:"The case that it follows, where its refund has come back"`
	Parcel    string         `json:"parcel,omitempty" doc:"Of an order with several parcels, the one that it is about"`
	State     string         `json:"state" example:"awaiting_seller"`
	Reason    string         `json:"reason" example:"not_needed"`
	Note      string         `json:"note" doc:"What the buyer wrote with the request"`
	OpenedAt  time.Time      `json:"opened_at"`
	ClosedAt  *time.Time     `json:"closed_at" doc:"null while it is open"`
	Deadlines []CaseDeadline `json:"deadlines" nullable:"false" doc:"What runs out while nobody moves"`
	Refund    CaseRefund     `json:"refund"`
	// Timeline has moves only: letters, reminders and notes are left out.
	Timeline []CaseMove `json:"timeline" nullable:"false" doc:"Every move from state to state, oldest first"`
}

// CaseDeadline is a time by which somebody is to move, and the state that follows if nobody does.
type CaseDeadline struct {
	Name string    `json:"name" doc:"The window's key in the policy" example:"seller_answer"`
	At   time.Time `json:"at"`
	Then string    `json:"then" doc:"The state that follows if nobody moves" example:"cancelling"`
}

// CaseRefund is what goes back, or would: all of it, whether sent at once or in parts.
type CaseRefund struct {
	Amount   string `json:"amount" example:"24.90"`
	Currency string `json:"currency" example:"USD"`
	Status   string `json:"status" enum:"none,pending,settled,failed"`
	TaskID   string `json:"task_id,omitempty"`
}

// CaseMove is one step of a case from state to state. What people wrote to each other is not in it.
type CaseMove struct {
	At      time.Time `json:"at"`
	By      bot.Party `json:"by" enum:"buyer,seller,support,shop,clock"`
	Event   string    `json:"event" example:"submitted"`
	From    string    `json:"from" doc:"Empty where the case begins"`
	To      string    `json:"to" example:"awaiting_seller"`
	Rule    []string  `json:"rule" nullable:"false" doc:"The rules of the field that applied"`
	Through string    `json:"through,omitempty" enum:"assistant" doc:"The buyer's own AI assistant had suggested it"`
	// A decision of support goes out by the clock, once nobody has undone it: these are the agents behind it.
	DecidedBy   string `json:"decided_by,omitempty" example:"mira"`
	ConfirmedBy string `json:"confirmed_by,omitempty" doc:"The second agent, where one had to confirm it" example:"jonas"`
}

// caseKinds are the flows whose conversations the contract calls cases, with the kind of each where its facts do not say
// one.
var caseKinds = map[string]string{"case": "cancellation", "dispute": "dispute", "refund": "refund"}

// CaseFlows lists the flows of cases, by name.
func CaseFlows() []string { return slices.Sorted(maps.Keys(caseKinds)) }

// IsCase says whether a conversation is what the contract calls a case.
func IsCase(c *bot.Conversation) bool { return caseKinds[c.Flow] != "" && c.ID != "" }

// Leads says which state an event would lead to as a view stands; the engine knows, by the flow's machine.
type Leads func(v *bot.View, event string) string

// NewCase writes a case from all that is known of it: the conversation, its whole journal, and its order (nil where there
// is none). It is pure, so the same state always gives the same document.
func NewCase(leads Leads, p *bot.Policy, c *bot.Conversation, journal []bot.Entry, o *bot.Order) Case {
	// A key is used again where the record was closed and began anew; only the present one is shown.
	journal = sinceOpened(journal)
	_, buyer := c.Parties[bot.Buyer].Split()
	_, seller := c.Parties[bot.Seller].Split()
	return Case{
		ID: c.ID, OrderID: c.Order, BuyerID: buyer, SellerID: seller, Kind: kindOf(c, journal), Follows: c.Facts["follows"],
		Parcel: c.Facts["parcel"],
		State:  c.State,
		Reason: cmp.Or(c.Facts["reason"], c.Facts["problem"]), Note: cmp.Or(c.Facts["note"], c.Facts["story"]),
		OpenedAt: c.Opened.UTC(), ClosedAt: optionalTime(c.Closed),
		Deadlines: deadlines(leads, p, c, o), Refund: refundOf(c, o), Timeline: timeline(journal),
	}
}

// sinceOpened leaves out what a record was before it began anew under the same key.
func sinceOpened(journal []bot.Entry) []bot.Entry {
	for i := len(journal) - 1; i > 0; i-- {
		if journal[i].From == "" && journal[i].To != "" {
			return journal[i:]
		}
	}
	return journal
}

// kindOf says what a case is. What is asked of an order that had left already is a dispute, even where the flow calls it a
// cancellation.
func kindOf(c *bot.Conversation, journal []bot.Entry) string {
	kind := cmp.Or(c.Facts["kind"], caseKinds[c.Flow])
	if kind != "cancellation" || len(journal) == 0 {
		return kind
	}
	// The first entry has the order as it stood when the case was opened.
	if o := journal[0].Used.Order; o != nil && o.HasLeft() && o.CancelOutcome(journal[0].Learned) != "order_cancelled" {
		return "dispute"
	}
	return kind
}

// deadlines lists what runs out, with the state that follows; a reminder halfway is left out, and a closed case has none.
// The view it looks through knows the order and the policy, not the people, which is enough for every arrow that a deadline
// fires.
func deadlines(leads Leads, p *bot.Policy, c *bot.Conversation, o *bot.Order) []CaseDeadline {
	all := []CaseDeadline{}
	if !c.Closed.IsZero() {
		return all
	}
	v := &bot.View{
		Now: c.Opened, Policy: p.For(o), Conv: c, Frame: &c.Frame, Order: o,
		Actor: &bot.Person{}, Event: &bot.Event{By: bot.Clock},
		People: map[bot.Party]*bot.Person{bot.Buyer: {}, bot.Seller: {}, bot.Support: {}},
	}
	for _, d := range c.Deadlines {
		// A snooze runs out among support's people, and for nobody else.
		if !d.Half && d.Window != "snooze" {
			all = append(all, CaseDeadline{Name: d.Window, At: d.At.UTC(), Then: leads(v, d.Event)})
		}
	}
	return all
}

// refundOf adds up what was sent before and what is asked, agreed or decided now.
func refundOf(c *bot.Conversation, o *bot.Order) CaseRefund {
	// Where nothing has been agreed yet the amount is zero in the order's currency.
	amount, err := bot.ReadMoney(c.Facts["amount"])
	if err != nil && o != nil {
		amount = bot.Money{Currency: o.Total.Currency}
	}
	if sent, err := bot.ReadMoney(c.Facts["sent"]); err == nil {
		amount = amount.Plus(sent)
	}
	return CaseRefund{Amount: amount.Amount(), Currency: amount.Currency, Status: refundStatus(c), TaskID: pendingRefundTask(c, o)}
}

// pendingRefundTask is the id of the task whose refund the order book has posted for this case and that has not ended; it
// is empty where there is none.
func pendingRefundTask(c *bot.Conversation, o *bot.Order) string {
	if o == nil || refundStatus(c) != "pending" {
		return ""
	}
	for _, p := range slices.Backward(o.Book) {
		if p.Do == "pay_refund" && p.State == "pending" && p.Parcel == c.Facts["parcel"] && !p.At.Before(c.Opened) {
			return p.Task
		}
	}
	return ""
}

// refundStatus says how far the money is. A refund that is late is still pending: the shop's answer counts whenever it
// comes.
func refundStatus(c *bot.Conversation) string {
	switch {
	case c.State == "refunded":
		return "settled"
	case c.State == "refunding", c.Facts["stuck"] == "late": // late is not failed: the shop's answer still counts
		return "pending"
	case c.Facts["stuck"] == "refund":
		return "failed"
	}
	return "none"
}

// timeline lists the moves: the turns by which a state was entered. A move that carries out support's decision names the
// agents behind it, as far as the journal has learned them by then.
func timeline(journal []bot.Entry) []CaseMove {
	moves, visit, agents := []CaseMove{}, 0, bot.Facts{}
	for i := range journal {
		e := &journal[i]
		// What was learned stays known: the deciding agents are named turns before the decision is carried out.
		maps.Copy(agents, e.Learned)
		entered := i == 0 || e.Visit > visit
		visit = e.Visit
		if entered && e.Refused == "" {
			m := CaseMove{
				At: e.At.UTC(), By: e.Event.By, Event: e.Event.Name, From: e.From, To: e.To,
				Rule: append([]string{}, e.Rules...), // never nil: JSON shows a list
			}
			if e.Event.Facts[bot.Through] != "" {
				m.Through = "assistant"
			}
			if m.Event == "decision_stood" {
				m.DecidedBy, m.ConfirmedBy = agentID(agents["decider"]), agentID(agents["seconder"])
			}
			moves = append(moves, m)
		}
	}
	return moves
}

// agentID is an agent as the marketplace knows them.
func agentID(who string) string {
	_, id := bot.PersonID(who).Split()
	return id
}
