package mcp

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"nevermind/bot"
)

// What is asked for and answered; the sentences in the tags are part of the tools' schemas.
type (
	listArguments struct {
		Skip int `json:"skip,omitempty" jsonschema:"how many of the newest to leave out"`
	}
	orderArguments struct {
		Order string `json:"order" jsonschema:"the order's number"`
	}
	orderList struct {
		Orders []orderLine `json:"orders"`
		More   bool        `json:"more" jsonschema:"whether there are older ones: ask again with skip"`
	}
	orderLine struct {
		Order    string     `json:"order"`
		Stage    bot.Stage  `json:"stage"`
		Seller   string     `json:"seller"`
		Placed   *time.Time `json:"placed_at,omitempty"`
		Total    string     `json:"total"`
		Items    []item     `json:"items"`
		Requests []request  `json:"open_requests,omitempty"`
	}
	item struct {
		ID       string `json:"id" jsonschema:"the line of the order"`
		Title    string `json:"title,omitempty"`
		Quantity int    `json:"quantity,omitempty"`
	}
	request struct {
		Request string   `json:"request"`
		Stands  string   `json:"stands"`
		Says    string   `json:"says,omitempty" jsonschema:"what the buyer's chat shows of it"`
		Choices []string `json:"choices,omitempty" jsonschema:"what the buyer can press in the chat"`
	}
	standing struct {
		orderLine
		Says string `json:"says" jsonschema:"where the order stands, in the words of the buyer's chat"`
	}
)

func (listArguments) order() string    { return "" }
func (a orderArguments) order() string { return a.Order }

// aPage is how many orders are listed at once.
const aPage = 20

func (d *Door) listOrders(ctx context.Context, who *bot.Person, in listArguments) (orderList, error) {
	orders, err := d.cfg.Engine.Store().OrdersOf(ctx, who.ID, max(in.Skip, 0), aPage+1)
	if err != nil {
		return orderList{}, err
	}
	list := orderList{Orders: []orderLine{}, More: len(orders) > aPage}
	for i := range orders[:min(len(orders), aPage)] {
		line, err := d.line(ctx, who, &orders[i], false)
		if err != nil {
			return orderList{}, err
		}
		list.Orders = append(list.Orders, line)
	}
	return list, nil
}

func (d *Door) orderStatus(ctx context.Context, who *bot.Person, in orderArguments) (standing, error) {
	o, err := d.theirs(ctx, who, in.Order)
	if err != nil {
		return standing{}, err
	}
	line, err := d.line(ctx, who, o, true)
	if err != nil {
		return standing{}, err
	}
	says, err := d.talkSays(ctx, who, bot.Event{Name: "order_named", Facts: bot.Facts{"order": o.ID}})
	return standing{line, says}, err
}

// theirs is an order of the buyer's own.
func (d *Door) theirs(ctx context.Context, who *bot.Person, id string) (*bot.Order, error) {
	o, err := d.cfg.Engine.Store().Order(ctx, id)
	if errors.Is(err, bot.ErrNone) || err == nil && o.Buyer != who.ID {
		return nil, notTheirs
	}
	return &o, err
}

// line is an order in short, with its open requests; whole has these say what the chat shows of them.
func (d *Door) line(ctx context.Context, who *bot.Person, o *bot.Order, whole bool) (orderLine, error) {
	line := orderLine{Order: o.ID, Stage: o.Stage, Total: o.Total.String(), Items: []item{}}
	if !o.Placed.IsZero() {
		placed := o.Placed.UTC()
		line.Placed = &placed
	}
	for _, i := range o.Items {
		line.Items = append(line.Items, item{i.ID, bot.Clean(i.Title), i.Ordered() - i.Gone()})
	}
	seller, err := d.cfg.Engine.Store().Person(ctx, o.Seller)
	if err != nil && !errors.Is(err, bot.ErrNone) {
		return line, err
	}
	_, id := o.Seller.Split()
	line.Seller = bot.Clean(cmp.Or(seller.Name, id))
	records, err := d.records(ctx, who, "open:order:"+o.ID)
	for i := range records {
		c := &records[i]
		r := request{Request: c.ID, Stands: cmp.Or(d.cfg.States[c.State], c.State)}
		if whole {
			made, err := d.cfg.Assistants.Rehearse(ctx, who, c.Key, bot.Event{Name: "card_asked"})
			if err != nil {
				return line, err
			}
			r.Says, r.Choices = shown(&made)
		}
		line.Requests = append(line.Requests, r)
	}
	return line, err
}

// records are the buyer's cases that are filed under a term.
func (d *Door) records(ctx context.Context, who *bot.Person, term string) ([]bot.Conversation, error) {
	keys, err := d.cfg.Engine.Store().Find(ctx, term, "", 100)
	if err != nil {
		return nil, err
	}
	var all []bot.Conversation
	for _, key := range keys {
		c, err := d.cfg.Engine.Store().Conversation(ctx, key)
		if err != nil {
			return nil, err
		}
		isCase := slices.ContainsFunc(d.cfg.Engine.Flows().All, func(f *bot.Flow) bool { return f.Case && f.Name == c.Flow })
		if isCase && c.TakesPart(who) {
			all = append(all, c)
		}
	}
	slices.SortStableFunc(all, func(a, b bot.Conversation) int { return a.Opened.Compare(b.Opened) })
	return all, nil
}

// talkSays is what the person's chat would answer to something.
func (d *Door) talkSays(ctx context.Context, who *bot.Person, ev bot.Event) (string, error) {
	made, err := d.cfg.Assistants.Rehearse(ctx, who, "", ev)
	says, _ := shown(&made)
	return says, err
}

// shown is what a turn says last, and which buttons stand below it.
func shown(made *bot.Turn) (says string, choices []string) {
	for _, r := range slices.Backward(made.Replies) {
		if r.Text != "" {
			return r.Text, r.Labels()
		}
	}
	return "", nil
}
