package main

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"nevermind/adapters/slack"
	"nevermind/bot"
	"nevermind/flows"
)

// desk reads from the store what an agent or a seller has before them, for the home tab and the command.
type desk struct {
	store bot.Store
	now   func() time.Time
	// catalog has the words of languages besides English; nil has none.
	catalog bot.Catalog
	// clocks lists what runs out in a record, and who loses what then, in the reader's language.
	clocks func(ctx context.Context, key bot.Key, reader *bot.Person) ([]bot.Countdown, error)
}

// mostOpen is how many open records a board looks through.
const mostOpen = 2000

// soon is how long before its deadline a case counts as breaching soon.
const soon = 4 * time.Hour

// board shows somebody what they may see: an agent everything, a seller their own, anybody else a kind word.
func (d desk) board(ctx context.Context, who bot.Person, asked slack.Asked) (slack.Board, error) {
	r := glance{desk: d, ctx: ctx, who: &who, at: d.now(), names: map[bot.PersonID]string{}}
	b, err := r.look(asked)
	return r.inTongue(b), err
}

// look is the board that answers what was asked.
func (r *glance) look(asked slack.Asked) (slack.Board, error) {
	switch party := r.who.Party(); {
	case party != bot.Support && party != bot.Seller:
		return slack.Board{Text: deskStranger}, nil
	case asked.What == slack.Case:
		return r.oneCase(strings.ToUpper(asked.ID))
	case asked.What == slack.Order:
		return r.oneOrder(asked.ID)
	case party == bot.Seller:
		return r.seller()
	}
	return r.agent()
}

// What a board says.
const (
	deskStranger = "This shows cases to the support team, and sellers their own. If you sell here, ask the shop to connect you: it gives you a token for /nevermind link TOKEN. If you have bought something, write to me where you bought it."
	deskNoCase   = "I know no case %s that you may see. Its name begins with C- and stands in the card and in every message about it."
	deskNoOrder  = "I know no order %s that you may see. It is the number that the buyer sees in the shop."
)

// glance is one look at the store for one reader.
type glance struct {
	desk
	ctx   context.Context
	who   *bot.Person
	at    time.Time
	names map[bot.PersonID]string
}

// agent is what waits for the support team.
func (r *glance) agent() (slack.Board, error) {
	open, err := r.filed("desk")
	if err != nil {
		return slack.Board{}, err
	}
	mine := slack.List{Name: "mine", Title: "My cases", Empty: "Nothing of yours waits. Take one that nobody has: its card is in the support channel."}
	free := slack.List{Name: "free", Title: "Unclaimed", Empty: "Every case that waits has somebody."}
	late := slack.List{Name: "soon", Title: "Breaching soon", Empty: r.sayf("Nothing runs out within %d hours.", int(soon.Hours()))}
	all := slack.List{Name: "all", Title: "All that wait", Empty: "Nothing waits for the support team. That is good."}
	asleep := slack.List{Name: "snoozed", Title: "Snoozed", Empty: "Nothing is snoozed."}
	fresh, year, day := 0, r.at.In(r.who.Location()).Year(), r.at.In(r.who.Location()).YearDay()
	for i := range open {
		c := &open[i]
		line := r.line(c)
		all.Lines = append(all.Lines, line)
		_, _, _, sleeps := flows.Snoozed(c)
		switch by := bot.PersonID(c.Facts[claimedBy]); {
		case sleeps:
			asleep.Lines = append(asleep.Lines, line)
		case by == r.who.ID:
			mine.Lines = append(mine.Lines, line)
		case by == "":
			free.Lines = append(free.Lines, line)
		}
		if due := r.due(c); !due.IsZero() && due.Before(r.at.Add(soon)) {
			at, err := r.atStake(c, line)
			if err != nil {
				return slack.Board{}, err
			}
			late.Lines = append(late.Lines, at)
		}
		if o := c.Opened.In(r.who.Location()); o.Year() == year && o.YearDay() == day {
			fresh++
		}
	}
	b := slack.Board{Title: "Your desk", Figures: []slack.Figure{{N: len(open), Words: "wait for us"}, {N: len(free.Lines), Words: "unclaimed"},
		{N: len(late.Lines), Words: "breaching soon"}, {N: fresh, Words: "opened today"}}, Foot: r.foot()}
	b.Lists = []slack.List{mine, free, late, asleep, all}
	if len(mine.Lines) == 0 { // what there is to take comes first then
		b.Lists = []slack.List{free, mine, late, asleep, all}
	}
	return b, nil
}

// claimedBy is the fact that says which agent has taken a case.
const claimedBy = "agent"

// seller is what waits for a seller's answer, and what else is open for them.
func (r *glance) seller() (slack.Board, error) {
	open, err := r.filed("open:" + string(r.who.ID))
	if err != nil {
		return slack.Board{}, err
	}
	waits := slack.List{Name: "waits", Title: "Waits for you", Empty: "Nothing waits for your answer."}
	other := slack.List{Name: "other", Title: "Open otherwise", Empty: "Nothing else is open."}
	for i := range open {
		if c := &open[i]; flows.WaitsForSeller(c) {
			waits.Lines = append(waits.Lines, r.line(c))
		} else if c.Flow == "case" || c.Flow == "dispute" {
			other.Lines = append(other.Lines, r.line(c))
		}
	}
	return slack.Board{Title: "Your requests", Text: "To answer, open the request: its buttons stand in our direct messages.",
		Figures: []slack.Figure{{N: len(waits.Lines), Words: "wait for your answer"}, {N: len(other.Lines), Words: "open otherwise"}},
		Lists:   []slack.List{waits, other}, Foot: r.foot()}, nil
}

func (r *glance) foot() string {
	return r.sayf("As of %s, in your time zone. It stays fresh while cases move.", r.moment(r.at))
}

// oneCase shows one case by the short name that people see.
func (r *glance) oneCase(id string) (slack.Board, error) {
	found, err := r.filed("id:" + id)
	found = slices.DeleteFunc(found, func(c bot.Conversation) bool { return !r.may(&c) })
	if err != nil || len(found) == 0 {
		return slack.Board{Text: r.sayf(deskNoCase, bot.Clean(id))}, err
	}
	line, err := r.atStake(&found[0], r.line(&found[0]))
	return slack.Board{Lists: []slack.List{{Title: r.sayf("Case %s", id), Lines: []slack.Line{line}}}}, err
}

// oneOrder shows an order and its cases.
func (r *glance) oneOrder(id string) (slack.Board, error) {
	o, err := r.store.Order(r.ctx, id)
	if errors.Is(err, bot.ErrNone) || err == nil && r.who.Party() == bot.Seller && o.Seller != r.who.ID {
		return slack.Board{Text: r.sayf(deskNoOrder, bot.Clean(id))}, nil
	}
	if err != nil {
		return slack.Board{}, err
	}
	found, err := r.filed("order:" + id)
	if err != nil {
		return slack.Board{}, err
	}
	about := slack.Line{Title: r.sayf("Order %s", o.ID) + " · " + itemOf(&o), Text: r.sayf("%s bought it from %s for %s, by %s. It is %s; at most %s can go back.",
		r.name(o.Buyer), r.name(o.Seller), o.Total, cmp.Or(o.Method, r.say("an unknown way")), r.say(strings.ReplaceAll(string(o.Stage), "_", " ")), o.Refundable())}
	lists := []slack.List{{Title: "Order", Lines: []slack.Line{about}}, {Title: "Its cases"}}
	for i := range found {
		if c := &found[i]; c.ID != "" && r.may(c) {
			lists[1].Lines = append(lists[1].Lines, r.line(c))
		}
	}
	return slack.Board{Lists: lists}, nil
}

// may says whether the reader may see a record.
func (r *glance) may(c *bot.Conversation) bool {
	return r.who.Party() == bot.Support || c.Parties[bot.Seller] == r.who.ID
}

// filed loads the records filed under a term, those that run out first coming first.
func (r *glance) filed(term string) ([]bot.Conversation, error) {
	keys, err := r.store.Find(r.ctx, term, "", mostOpen)
	found := make([]bot.Conversation, 0, len(keys))
	for _, key := range keys {
		c, err := r.store.Conversation(r.ctx, key)
		if errors.Is(err, bot.ErrNone) {
			continue
		}
		if err != nil {
			return nil, err
		}
		found = append(found, c)
	}
	slices.SortStableFunc(found, func(a, b bot.Conversation) int { return sooner(r.due(&a), r.due(&b)) })
	return found, err
}

// sooner compares two deadlines; none is the latest.
func sooner(a, b time.Time) int {
	switch {
	case a.IsZero() != b.IsZero():
		return map[bool]int{true: 1, false: -1}[a.IsZero()]
	default:
		return a.Compare(b)
	}
}

// due is when the first whole window of a record runs out; zero where none runs.
func (r *glance) due(c *bot.Conversation) (at time.Time) {
	for _, d := range c.Deadlines {
		if !strings.HasPrefix(d.Name, "half ") && d.Name != "snooze" && (at.IsZero() || d.At.Before(at)) {
			at = d.At
		}
	}
	return at
}

// line is a record in a title and a sentence.
func (r *glance) line(c *bot.Conversation) slack.Line {
	title := []string{cmp.Or(c.ID, r.say(map[string]string{"help": "A question", "arrival": "A refund on its way"}[c.Flow]), c.Flow)}
	if o, err := r.store.Order(r.ctx, c.Order); err == nil {
		title = append(title, itemOf(&o), o.Total.String())
	}
	text := []string{r.say(cmp.Or(flows.StateWords(c.State), strings.ReplaceAll(c.State, "_", " ")))}
	for _, p := range []bot.Party{bot.Buyer, bot.Seller} {
		if id := c.Parties[p]; id != "" && id != r.who.ID {
			text = append(text, r.sayf(map[bot.Party]string{bot.Buyer: "buyer %s", bot.Seller: "seller %s"}[p], r.name(id)))
		}
	}
	if by := bot.PersonID(c.Facts[claimedBy]); by != "" && r.who.Party() == bot.Support {
		text = append(text, r.sayf("%s has it", r.name(by)))
	}
	if until, who, why, ok := flows.Snoozed(c); ok && r.who.Party() == bot.Support {
		text = append(text, r.sayf("snoozed by %s until %s: “%s”", bot.Clean(who), r.moment(until), bot.Clean(why)))
	}
	switch due := r.due(c); {
	case !c.Closed.IsZero():
		text = append(text, r.sayf("closed %s", r.moment(c.Closed)))
	case !due.IsZero():
		text = append(text, r.sayf("until %s", r.moment(due)))
	}
	return slack.Line{Card: c.Key, Title: strings.Join(title, " · "), Text: strings.Join(text, " · ")}
}

// atStake adds to a line what happens when the next window of its record has passed.
func (r *glance) atStake(c *bot.Conversation, line slack.Line) (slack.Line, error) {
	if !c.Closed.IsZero() {
		return line, nil
	}
	clocks, err := r.clocks(r.ctx, c.Key, r.who)
	if errors.Is(err, bot.ErrNone) {
		return line, nil
	}
	for _, one := range clocks {
		if one.Loses != "" && !strings.HasPrefix(one.Name, "half ") {
			line.Text += "\n" + one.Loses
			break
		}
	}
	return line, err
}

// itemOf is an order's first thing, in few words.
func itemOf(o *bot.Order) string {
	if len(o.Items) == 0 {
		return o.ID
	}
	title := []rune(bot.Clean(o.Items[0].Title))
	if len(title) > 48 {
		title = append(title[:47], '…')
	}
	return string(title)
}

// name is what somebody is called, or their id where that is not known.
func (r *glance) name(id bot.PersonID) string {
	if n, ok := r.names[id]; ok {
		return n
	}
	_, rest := id.Split()
	p, err := r.store.Person(r.ctx, id)
	if err == nil && p.Name != "" {
		rest = bot.Clean(p.Name)
	}
	r.names[id] = rest
	return rest
}
