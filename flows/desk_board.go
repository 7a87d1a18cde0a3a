package flows

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"time"

	"nevermind/bot"
)

// Board is what somebody has before them: a support agent everything that waits for the team, a seller what waits for
// their answer, or one case or order that they have asked for. All its words are in the reader's language and by their
// clock; an adapter only lays it out.
type Board struct {
	Title   string
	Text    string // a sentence or two; the whole answer to whoever may see nothing
	Figures []BoardFigure
	Lists   []BoardList
	Foot    string
}

// BoardFigure is a number and what it counts: 7, "Waiting for us".
type BoardFigure struct {
	N     int
	Words string
}

// BoardList is one of the lists on a board.
type BoardList struct {
	Name  string // short and the same in every language
	Title string
	Empty string // what is said where there is nothing
	Lines []BoardLine
}

// BoardLine is one case or order in a list.
type BoardLine struct {
	Card  bot.Key // the conversation whose card it leads to; empty where there is none
	Title string
	Text  string
}

// BoardQuery is what somebody asks to see.
type BoardQuery struct {
	Kind BoardKind
	ID   string // of a case or an order; empty for the desk
}

// BoardKind is a kind of thing that can be asked for.
type BoardKind string

// The desk, one case by its short name, one order by its number.
const (
	BoardDesk  BoardKind = "queue"
	BoardCase  BoardKind = "case"
	BoardOrder BoardKind = "order"
)

// BoardFacts is what a board is made from. Whoever asks for a board reads it from the store; bot.ErrNone says that there
// is none.
type BoardFacts interface {
	// Filed loads the conversations filed under a term, at most n.
	Filed(term string, n int) ([]bot.Conversation, error)
	Order(id string) (bot.Order, error)
	Person(id bot.PersonID) (bot.Person, error)
	// Countdowns lists what runs out in a record, and what happens then, in the reader's language.
	Countdowns(key bot.Key, reader *bot.Person) ([]bot.Countdown, error)
	// Week is the report of this week's requests; false while there is none.
	Week() (bot.ReportGroup, bool)
}

// boardMostOpen is how many open records a board looks through.
const boardMostOpen = 2000

// boardBreaching is how long before its deadline a case counts as breaching soon.
const boardBreaching = 4 * time.Hour

// DeskBoard shows somebody what they may see at now: an agent everything, a seller their own, anybody else a kind word.
// words has the languages besides English; nil has none. An error is that of facts.
func DeskBoard(q BoardQuery, who *bot.Person, now time.Time, facts BoardFacts, words bot.Catalog) (Board, error) {
	r := boardReader{facts: facts, catalog: words, who: who, at: now, names: map[bot.PersonID]string{}}
	b, err := r.look(q)
	return r.translated(b), err
}

// look makes the board that answers the query. Whoever is neither support nor a seller sees nothing
// of anybody.
func (r *boardReader) look(q BoardQuery) (Board, error) {
	switch party := r.who.Party(); {
	case party != bot.Support && party != bot.Seller:
		return Board{Text: boardStranger}, nil
	case q.Kind == BoardCase:
		return r.oneCase(strings.ToUpper(q.ID))
	case q.Kind == BoardOrder:
		return r.oneOrder(q.ID)
	case party == bot.Seller:
		return r.seller()
	}
	return r.agent()
}

// What a board says.
const (
	boardStranger = "Here our support team sees its cases, and sellers see their own. If you sell here, " +
		"ask the shop to connect you: it gives you a token for /nevermind link TOKEN. " +
		"If you have bought something, please write to me where you bought it."
	boardNoCase = "I know no case {id} that you may see. A case's name begins with C-, and stands in its card and " +
		"in every message about it."
	boardNoOrder = "I know no order {id} that you may see. It is the number that the buyer sees in the shop."
)

// boardReader makes one board for one reader.
type boardReader struct {
	facts   BoardFacts
	catalog bot.Catalog
	who     *bot.Person
	at      time.Time
	names   map[bot.PersonID]string // that were looked up already
}

// agent is what waits for the support team, in lists: the agent's own first, or where there is none
// of those what nobody has taken.
func (r *boardReader) agent() (Board, error) {
	open, err := r.filed("desk")
	if err != nil {
		return Board{}, err
	}
	mine := BoardList{Name: "mine", Title: "My cases",
		Empty: "Nothing of yours waits. You can take one that nobody has: its card is in the support channel."}
	free := BoardList{Name: "free", Title: "Not taken yet", Empty: "Every case that waits has somebody."}
	late := BoardList{Name: "soon", Title: "Due soon",
		Empty: r.count(int(boardBreaching.Hours()), "Nothing runs out within an hour.", "Nothing runs out within {n} hours.")}
	all := BoardList{Name: "all", Title: "All that wait", Empty: "Nothing waits for the support team. That is good."}
	asleep := BoardList{Name: "snoozed", Title: "Set aside", Empty: "Nothing is set aside."}
	for i := range open {
		c := &open[i]
		line := r.line(c)
		all.Lines = append(all.Lines, line)
		_, _, _, sleeps := Snoozed(c)
		switch by := bot.PersonID(c.Facts[boardClaimedBy]); {
		case sleeps:
			asleep.Lines = append(asleep.Lines, line)
		case by == r.who.ID:
			mine.Lines = append(mine.Lines, line)
		case by == "":
			free.Lines = append(free.Lines, line)
		}
		if due := r.due(c); !due.IsZero() && due.Before(r.at.Add(boardBreaching)) {
			at, err := r.atStake(c, line)
			if err != nil {
				return Board{}, err
			}
			late.Lines = append(late.Lines, at)
		}
	}
	b := Board{Title: "Your desk", Figures: []BoardFigure{{N: len(open), Words: "Waiting for us"},
		{N: len(free.Lines), Words: "Not taken yet"},
		{N: len(late.Lines), Words: "Due soon"}}, Foot: r.foot()}
	if week, counted := r.facts.Week(); counted {
		b.Figures = append(b.Figures, BoardFigure{N: week.Asked, Words: "Requests this week"},
			BoardFigure{N: week.Refunded, Words: "Refunded already"})
	}
	b.Lists = []BoardList{mine, free, late, asleep, all}
	if len(mine.Lines) == 0 { // what there is to take comes first then
		b.Lists = []BoardList{free, mine, late, asleep, all}
	}
	return b, nil
}

// boardClaimedBy is the fact that says which agent has taken a case.
const boardClaimedBy = "agent"

// seller is what waits for a seller's answer, and what else is open for them.
func (r *boardReader) seller() (Board, error) {
	open, err := r.filed("open:" + string(r.who.ID))
	if err != nil {
		return Board{}, err
	}
	waits := BoardList{Name: "waits", Title: "Waiting for you", Empty: "Nothing waits for your answer."}
	other := BoardList{Name: "other", Title: "Other open requests", Empty: "Nothing else is open."}
	for i := range open {
		if c := &open[i]; WaitsForSeller(c) {
			waits.Lines = append(waits.Lines, r.line(c))
		} else if c.Flow == "case" || c.Flow == "dispute" {
			other.Lines = append(other.Lines, r.line(c))
		}
	}
	return Board{
		Title: "Your requests",
		Text:  "To answer, open the request: its buttons are in our direct messages.",
		Figures: []BoardFigure{
			{N: len(waits.Lines), Words: "Waiting for your answer"},
			{N: len(other.Lines), Words: "Other open requests"},
		},
		Lists: []BoardList{waits, other},
		Foot:  r.foot(),
	}, nil
}

// foot says of when the board is.
func (r *boardReader) foot() string {
	return r.fill("This is how things stood on {when}, by your clock. I keep it up to date.", bot.Facts{"when": r.moment(r.at)})
}

// oneCase shows one case by the short name that people see.
func (r *boardReader) oneCase(id string) (Board, error) {
	found, err := r.filed("id:" + id)
	found = slices.DeleteFunc(found, func(c bot.Conversation) bool { return !r.may(&c) })
	if err != nil || len(found) == 0 {
		return Board{Text: r.fill(boardNoCase, bot.Facts{"id": bot.Clean(id)})}, err
	}
	line, err := r.atStake(&found[0], r.line(&found[0]))
	return Board{Lists: []BoardList{{Title: r.fill("Case {id}", bot.Facts{"id": id}), Lines: []BoardLine{line}}}}, err
}

// oneOrder shows an order and its cases.
func (r *boardReader) oneOrder(id string) (Board, error) {
	o, err := r.facts.Order(id)
	if errors.Is(err, bot.ErrNone) || err == nil && r.who.Party() == bot.Seller && o.Seller != r.who.ID {
		return Board{Text: r.fill(boardNoOrder, bot.Facts{"id": bot.Clean(id)})}, nil
	}
	if err != nil {
		return Board{}, err
	}
	found, err := r.filed("order:" + id)
	if err != nil {
		return Board{}, err
	}
	about := BoardLine{
		Title: r.fill("Order {id} · {item}", bot.Facts{"id": o.ID, "item": boardItem(&o)}),
		Text: r.fill(
			"{buyer} bought it from {seller}.\nPaid: {total} ({method})\nStage: {stage}\nCan go back: {most} at most",
			bot.Facts{
				"buyer": r.name(o.Buyer), "seller": r.name(o.Seller), "total": r.amount(o.Total),
				"method": r.say(methodLabel(o.Method)), "stage": r.say(orderStageWords[o.Stage]), "most": r.amount(o.Refundable())},
		),
	}
	lists := []BoardList{{Title: "Order", Lines: []BoardLine{about}}, {Title: "Its cases"}}
	for i := range found {
		if c := &found[i]; c.ID != "" && r.may(c) {
			lists[1].Lines = append(lists[1].Lines, r.line(c))
		}
	}
	return Board{Lists: lists}, nil
}

// may says whether the reader may see a record.
func (r *boardReader) may(c *bot.Conversation) bool {
	return r.who.Party() == bot.Support || c.Parties[bot.Seller] == r.who.ID
}

// filed loads the records filed under a term, those that run out first coming first.
func (r *boardReader) filed(term string) ([]bot.Conversation, error) {
	found, err := r.facts.Filed(term, boardMostOpen)
	slices.SortStableFunc(found, func(a, b bot.Conversation) int { return boardSooner(r.due(&a), r.due(&b)) })
	return found, err
}

// boardSooner compares two deadlines for sorting; a zero time is none and comes last.
func boardSooner(a, b time.Time) int {
	switch {
	case a.IsZero() != b.IsZero():
		return map[bool]int{true: 1, false: -1}[a.IsZero()]
	default:
		return a.Compare(b)
	}
}

// due is when the first whole window of a record runs out; zero where none runs.
func (r *boardReader) due(c *bot.Conversation) (at time.Time) {
	for _, d := range c.Deadlines {
		if !d.Half && d.Window != "snooze" && (at.IsZero() || d.At.Before(at)) {
			at = d.At
		}
	}
	return at
}

// boardParties name a side in a line, and boardKinds a record that has no name of its own.
var (
	boardParties = map[bot.Party]string{bot.Buyer: "Buyer: {name}", bot.Seller: "Seller: {name}"}
	boardKinds   = map[string]string{"help": "A question", "arrival": "A refund on its way"}
)

// line is a record in a title and a sentence.
func (r *boardReader) line(c *bot.Conversation) BoardLine {
	title := []string{cmp.Or(c.ID, r.say(boardKinds[c.Flow]), c.Flow)}
	if o, err := r.facts.Order(c.Order); err == nil {
		title = append(title, boardItem(&o), r.amount(o.Total))
	}
	text := []string{r.say(recordStateWords[c.State])}
	for _, p := range []bot.Party{bot.Buyer, bot.Seller} {
		if id := c.Parties[p]; id != "" && id != r.who.ID {
			text = append(text, r.fill(boardParties[p], bot.Facts{"name": r.name(id)}))
		}
	}
	if by := bot.PersonID(c.Facts[boardClaimedBy]); by != "" && r.who.Party() == bot.Support {
		text = append(text, r.fill("Taken by {name}", bot.Facts{"name": r.name(by)}))
	}
	if until, who, why, ok := Snoozed(c); ok && r.who.Party() == bot.Support {
		text = append(text, r.fill("Set aside by {name} until {when}: “{why}”",
			bot.Facts{"name": bot.Clean(who), "when": r.moment(until), "why": bot.Clean(why)}))
	}
	switch due := r.due(c); {
	case !c.Closed.IsZero():
		text = append(text, r.fill("Closed: {when}", bot.Facts{"when": r.moment(c.Closed)}))
	case !due.IsZero():
		text = append(text, r.fill("Until {when}", bot.Facts{"when": r.moment(due)}))
	}
	return BoardLine{Card: c.Key, Title: strings.Join(title, " · "), Text: strings.Join(text, " · ")}
}

// atStake adds to a line what happens when the next window of its record has passed.
func (r *boardReader) atStake(c *bot.Conversation, line BoardLine) (BoardLine, error) {
	if !c.Closed.IsZero() {
		return line, nil
	}
	clocks, err := r.facts.Countdowns(c.Key, r.who)
	if errors.Is(err, bot.ErrNone) {
		return line, nil
	}
	for _, one := range clocks {
		if one.Says != "" && !one.Half {
			line.Text += "\n" + one.Says
			break
		}
	}
	return line, err
}

// boardItem is an order's first thing, in few words.
func boardItem(o *bot.Order) string {
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
func (r *boardReader) name(id bot.PersonID) string {
	if n, ok := r.names[id]; ok {
		return n
	}
	_, rest := id.Split()
	p, err := r.facts.Person(id)
	if err == nil && p.Name != "" {
		rest = bot.Clean(p.Name)
	}
	r.names[id] = rest
	return rest
}
