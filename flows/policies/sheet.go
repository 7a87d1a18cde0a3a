package policies

import (
	"maps"
	"slices"

	"nevermind/bot"
)

// sheet is a policy as written, every value checked and in its one canonical form; written as JSON it is its own text.
type sheet struct {
	Name     string             `json:"name,omitempty"`
	Lines    *entry             `json:"lines,omitempty"`
	Windows  map[string]entry   `json:"windows,omitempty"`
	Refunds  map[string]refund  `json:"refunds,omitempty"`
	Reasons  []reason           `json:"reasons,omitempty"`
	Calendar *days              `json:"calendar,omitempty"`
	Evidence map[string][]proof `json:"evidence,omitempty"`
	Replies  []reply            `json:"replies,omitempty"`
	Origins  []string           `json:"origins,omitempty"`
	Roles    *roles             `json:"roles,omitempty"`
	Second   *entry             `json:"second_person_above,omitempty"`
	SecondBy *entry             `json:"second_person,omitempty"`
	Fees     []fee              `json:"fees,omitempty"`
	Appeal   *entry             `json:"appeal,omitempty"`
	Claims   []claim            `json:"claims,omitempty"`

	Overrides   []override       `json:"overrides,omitempty"`
	RefundOrder []string         `json:"refund_order,omitempty"`
	Retention   map[string]entry `json:"retention,omitempty"`

	Satisfaction *entry `json:"satisfaction,omitempty"`
}

// entry is a value with the sources that it goes by.
type entry struct {
	Value  string   `json:"value"`
	Source []string `json:"source,omitempty"`
}

// refund is how long money takes by one way of payment.
type refund struct {
	Min    string   `json:"min"`
	Max    string   `json:"max"`
	Source []string `json:"source,omitempty"`
}

// reason is why a buyer cancels, and whose fault the marketplace calls it.
type reason struct {
	ID     string   `json:"id"`
	Label  string   `json:"label"`
	Fault  string   `json:"fault"`
	Fine   bool     `json:"fine"`
	Source []string `json:"source,omitempty"`
}

// proof is one thing that a side can show.
type proof struct {
	ID     string   `json:"id"`
	Label  string   `json:"label"`
	Ask    string   `json:"ask"`
	From   string   `json:"from"`
	Source []string `json:"source,omitempty"`
}

// reply is something that support has ready to write.
type reply struct {
	ID     string            `json:"id"`
	Label  string            `json:"label"`
	To     string            `json:"to"`
	Text   map[string]string `json:"text"`
	Source []string          `json:"source,omitempty"`
}

// days are the days that are no business days, besides weekends.
type days struct {
	Country  string   `json:"country"`
	Holidays []string `json:"holidays"`
	Source   []string `json:"source,omitempty"`
}

// roles are who of support's people may do more.
type roles struct {
	Leads []string `json:"leads"`
}

// fee is what a seller may keep; an empty seller is all of them.
type fee struct {
	Seller string   `json:"seller,omitempty"`
	Amount string   `json:"amount"`
	Note   string   `json:"note,omitempty"`
	Source []string `json:"source,omitempty"`
}

// claim is what one source says of an open question.
type claim struct {
	Question string   `json:"question"`
	About    string   `json:"about,omitempty"`
	Says     string   `json:"says"`
	Source   []string `json:"source,omitempty"`
	Seen     string   `json:"seen,omitempty"`
}

// over lays the sheet over a base, if there is one.
func (s *sheet) over(base *sheet) *sheet {
	if base == nil {
		return s
	}
	return base.with(s)
}

// with lays o over s, entry by entry.
func (s *sheet) with(o *sheet) *sheet {
	all := *s
	all.Windows, all.Refunds, all.Evidence = maps.Clone(s.Windows), maps.Clone(s.Refunds), maps.Clone(s.Evidence)
	maps.Copy(all.Windows, o.Windows)
	if all.Evidence == nil {
		all.Evidence = o.Evidence
	}
	if o.Reasons != nil { // what a reason asked for is of no use without it
		maps.DeleteFunc(all.Evidence, func(about string, _ []proof) bool { return s.gives(about) && !o.gives(about) })
	}
	maps.Copy(all.Evidence, o.Evidence)
	maps.Copy(all.Refunds, o.Refunds)
	if o.Name != "" {
		all.Name = o.Name
	}
	if o.Lines != nil {
		all.Lines = o.Lines
	}
	if o.Overrides != nil {
		all.Overrides = o.Overrides
	}
	if o.Reasons != nil {
		all.Reasons = o.Reasons
	}
	if o.Calendar != nil {
		all.Calendar = o.Calendar
	}
	if o.Replies != nil {
		all.Replies = o.Replies
	}
	if o.Origins != nil {
		all.Origins = o.Origins
	}
	if o.Roles != nil {
		all.Roles = o.Roles
	}
	if o.Second != nil {
		all.Second = o.Second
	}
	if o.SecondBy != nil {
		all.SecondBy = o.SecondBy
	}
	if o.Satisfaction != nil {
		all.Satisfaction = o.Satisfaction
	}
	if o.Fees != nil {
		all.Fees = o.Fees
	}
	if o.RefundOrder != nil {
		all.RefundOrder = o.RefundOrder
	}
	all.Retention = retentionOver(s.Retention, o.Retention)
	if o.Appeal != nil {
		all.Appeal = o.Appeal
	}
	if o.Claims != nil {
		all.Claims = o.Claims
	} else { // what was said of an entry that the file has taken away is of no use
		all.Claims = slices.DeleteFunc(slices.Clone(s.Claims), func(c claim) bool { return c.About != "" && !all.has(c.About) })
	}
	return &all
}

// retentionOver lays how long things are kept over what is said before, entry by entry.
func retentionOver(base, over map[string]entry) map[string]entry {
	if over == nil {
		return base
	}
	all := map[string]entry{}
	maps.Copy(all, base)
	maps.Copy(all, over)
	return all
}

// gives says whether the sheet has a reason of that id.
func (s *sheet) gives(id string) bool {
	return slices.ContainsFunc(s.Reasons, func(r reason) bool { return r.ID == id })
}

// policy is the sheet as the engine reads it.
func (s *sheet) policy() *bot.Policy {
	p := &bot.Policy{
		Name: s.Name, Evidence: map[string][]bot.Proof{}, Calendar: newCalendar(s.Calendar), Leads: s.Roles.Leads, Origins: s.Origins,
		Appeal: window(s.Appeal.Value), SecondPersonAbove: money(s.Second.Value), RefundOrder: s.RefundOrder,
	}
	part := s.part()
	p.Windows, p.Choices, p.Refunds = part.Windows, part.Choices, part.Refunds
	p.Reasons, p.Fees, p.Sources = part.Reasons, part.Fees, part.Sources
	for _, o := range s.Overrides {
		p.Overrides = append(p.Overrides, o.bot())
	}
	for about, list := range s.Evidence {
		p.Evidence[about] = []bot.Proof{}
		for _, one := range list {
			p.Evidence[about] = append(p.Evidence[about], bot.Proof{ID: one.ID, Label: one.Label, Ask: one.Ask, From: bot.Party(one.From)})
			p.Sources["evidence."+about+"."+one.ID] = one.Source
		}
	}
	for _, c := range s.Replies {
		to := bot.Party(c.To)
		if c.To == "either" {
			to = ""
		}
		p.Replies = append(p.Replies, bot.CannedReply{ID: c.ID, Label: c.Label, To: to, Texts: c.Text})
		p.Sources["replies."+c.ID] = c.Source
	}
	for _, c := range s.Claims {
		p.Claims = append(p.Claims, bot.Claim(c))
	}
	for what, e := range s.Retention {
		if p.Retention == nil {
			p.Retention = map[string]bot.Window{}
		}
		kept, _, _ := parseSpanUpTo(e.Value, longestKept)
		p.Retention[what], p.Sources["retention."+what] = kept, e.Source
	}
	p.Sources["calendar"] = s.Calendar.Source
	p.Sources["second_person_above"], p.Sources["appeal"] = s.Second.Source, s.Appeal.Source
	return p
}

// part is what a whole sheet and an override have in common.
func (s *sheet) part() bot.Override {
	p := bot.Override{
		Windows: map[string]bot.Window{}, Choices: map[string]string{}, Refunds: map[string]bot.Interval{},
		Sources: map[string][]string{},
	}
	if s.Lines != nil {
		p.Choices["lines"], p.Sources["lines"] = s.Lines.Value, s.Lines.Source
	}
	if s.SecondBy != nil {
		p.Choices["second_person"], p.Sources["second_person"] = s.SecondBy.Value, s.SecondBy.Source
	}
	if s.Satisfaction != nil {
		p.Choices["satisfaction"], p.Sources["satisfaction"] = s.Satisfaction.Value, s.Satisfaction.Source
	}
	for key, e := range s.Windows {
		if _, choice := choices[key]; choice {
			p.Choices[key] = e.Value
		} else {
			p.Windows[key] = window(e.Value)
		}
		p.Sources["windows."+key] = e.Source
	}
	for method, r := range s.Refunds {
		p.Refunds[method] = bot.Interval{Min: window(r.Min), Max: window(r.Max)}
		p.Sources["refunds."+method] = r.Source
	}
	for _, r := range s.Reasons {
		p.Reasons = append(p.Reasons, bot.Reason{ID: r.ID, Label: r.Label, Fault: bot.Party(r.Fault), Fine: r.Fine})
		p.Sources["reasons."+r.ID] = r.Source
	}
	for _, f := range s.Fees {
		p.Fees = append(p.Fees, bot.Fee{Seller: f.Seller, Amount: money(f.Amount), Note: f.Note})
		p.Sources["fees"] = append(p.Sources["fees"], f.Source...)
	}
	return p
}

// window reads a checked span; "none" is no window.
func window(s string) bot.Window {
	w, _, _ := parseSpan(s)
	return w
}

// money reads a checked amount; "none" is no money.
func money(s string) bot.Money {
	m, _ := bot.ReadMoney(s)
	return m
}
