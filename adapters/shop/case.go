package shop

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"nevermind/bot"
)

// Case is a case as the contract writes it: where it stands, what happens if nobody moves, and how it came there.
type Case struct {
	ID        string         `json:"id"`
	OrderID   string         `json:"order_id"`
	BuyerID   string         `json:"buyer_id"`
	SellerID  string         `json:"seller_id"`
	Kind      string         `json:"kind" enum:"cancellation,return,dispute"`
	State     string         `json:"state" doc:"awaiting_seller, negotiating, with_support, returning, refunding, the ends refunded, cancelled, withdrawn, refused, or another between them" example:"awaiting_seller"`
	Reason    string         `json:"reason" doc:"The id of one of the policy's reasons, or the problem with the goods; empty where none was asked" example:"not_needed"`
	Note      string         `json:"note" doc:"What the buyer wrote with the request"`
	OpenedAt  time.Time      `json:"opened_at"`
	ClosedAt  *time.Time     `json:"closed_at" doc:"null while it is open"`
	Deadlines []CaseDeadline `json:"deadlines" nullable:"false" doc:"What runs out while nobody moves"`
	Refund    CaseRefund     `json:"refund"`
	Timeline  []CaseMove     `json:"timeline" nullable:"false" doc:"Every move from state to state, oldest first"`
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
	TaskID   string `json:"task_id,omitempty" doc:"The refund that is under way, for POST /v1/tasks/{task_id}; left out where none is"`
}

// CaseMove is one step of a case from state to state. What people wrote to each other is not in it.
type CaseMove struct {
	At    time.Time `json:"at"`
	By    bot.Party `json:"by" enum:"buyer,seller,support,shop,clock"`
	Event string    `json:"event" example:"submitted"`
	From  string    `json:"from" doc:"Empty where the case begins"`
	To    string    `json:"to" example:"awaiting_seller"`
	Rule  []string  `json:"rule" nullable:"false" doc:"The rules of the field that applied"`
	// A decision of support goes out by the clock, once nobody has undone it: these are the agents behind it.
	DecidedBy   string `json:"decided_by,omitempty" doc:"The agent who decided, where support's decision was carried out" example:"mira"`
	ConfirmedBy string `json:"confirmed_by,omitempty" doc:"The second agent, where one had to confirm it" example:"jonas"`
}

// kinds are the flows whose conversations the contract calls cases, with what each is where its facts do not say.
var kinds = map[string]string{"case": "cancellation", "dispute": "dispute"}

// CaseFlows lists the flows of cases, by name.
func CaseFlows() []string { return slices.Sorted(maps.Keys(kinds)) }

// IsCase says whether a conversation is what the contract calls a case.
func IsCase(c *bot.Conversation) bool { return kinds[c.Flow] != "" && c.ID != "" }

// NewCase writes a case from all that is known of it: the conversation, its whole journal, and its order (nil where
// there is none). It is pure.
func NewCase(f *bot.Flows, p *bot.Policy, c *bot.Conversation, journal []bot.Entry, o *bot.Order) Case {
	journal = sinceBirth(journal)
	_, buyer := c.Parties[bot.Buyer].Split()
	_, seller := c.Parties[bot.Seller].Split()
	return Case{
		ID: c.ID, OrderID: c.Order, BuyerID: buyer, SellerID: seller, Kind: kindOf(c, journal), State: c.State,
		Reason: cmp.Or(c.Facts["reason"], c.Facts["problem"]), Note: cmp.Or(c.Facts["note"], c.Facts["story"]), OpenedAt: c.Opened.UTC(), ClosedAt: when(c.Closed),
		Deadlines: deadlines(f, p, c, o), Refund: refund(c, o), Timeline: timeline(journal),
	}
}

// sinceBirth leaves out what a record was before it began anew.
func sinceBirth(journal []bot.Entry) []bot.Entry {
	for i := len(journal) - 1; i > 0; i-- {
		if journal[i].From == "" && journal[i].To != "" {
			return journal[i:]
		}
	}
	return journal
}

// kindOf says what a case is; what is asked of an order that had left already is no cancellation, whatever it was
// called.
func kindOf(c *bot.Conversation, journal []bot.Entry) string {
	kind := cmp.Or(c.Facts["kind"], kinds[c.Flow])
	if kind != "cancellation" || len(journal) == 0 {
		return kind
	}
	if o := journal[0].Used.Order; o != nil && o.HasLeft() {
		return "dispute"
	}
	return kind
}

// deadlines lists what runs out; a reminder halfway is none.
func deadlines(f *bot.Flows, p *bot.Policy, c *bot.Conversation, o *bot.Order) []CaseDeadline {
	all := []CaseDeadline{}
	if !c.Closed.IsZero() {
		return all
	}
	v := &bot.View{Now: c.Opened, Policy: p.For(o), Conv: c, Frame: &c.Frame, Actor: &bot.Person{}, Event: &bot.Event{By: bot.Clock}, Order: o,
		People: map[bot.Party]*bot.Person{bot.Buyer: {}, bot.Seller: {}, bot.Support: {}}}
	for _, d := range c.Deadlines {
		if !strings.HasPrefix(d.Name, "half ") && d.Name != "snooze" { // what runs out among support's people runs out for nobody else
			all = append(all, CaseDeadline{Name: d.Name, At: d.At.UTC(), Then: leads(f, v, d.Event)})
		}
	}
	return all
}

func leads(f *bot.Flows, v *bot.View, event string) string {
	for _, flow := range f.All {
		if flow.Name == v.Conv.Flow {
			return flow.Leads(v, event)
		}
	}
	return v.Conv.State
}

// refund adds up what was sent before and what is asked, agreed or decided now.
func refund(c *bot.Conversation, o *bot.Order) CaseRefund {
	amount, err := bot.ReadMoney(c.Facts["amount"])
	if err != nil && o != nil {
		amount = bot.Money{Currency: o.Total.Currency}
	}
	if sent, err := bot.ReadMoney(c.Facts["sent"]); err == nil {
		amount = amount.Plus(sent)
	}
	return CaseRefund{Amount: amount.Amount(), Currency: amount.Currency, Status: refundStatus(c), TaskID: pending(c, o)}
}

// pending is the task of the refund that the order book has posted for the case and that has not ended.
func pending(c *bot.Conversation, o *bot.Order) string {
	if o == nil || refundStatus(c) != "pending" {
		return ""
	}
	for _, p := range slices.Backward(o.Book) {
		if p.Do == "pay_refund" && p.State == "pending" && !p.At.Before(c.Opened) {
			return p.Task
		}
	}
	return ""
}

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

// timeline lists the moves: the turns by which a state was entered.
func timeline(journal []bot.Entry) []CaseMove {
	moves, visit, agents := []CaseMove{}, 0, bot.Facts{}
	for i := range journal {
		e := &journal[i]
		maps.Copy(agents, e.Learned)
		entered := i == 0 || e.Visit > visit
		visit = e.Visit
		if entered && e.Refused == "" {
			m := CaseMove{At: e.At.UTC(), By: e.Event.By, Event: e.Event.Name, From: e.From, To: e.To, Rule: append([]string{}, e.Rules...)}
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
