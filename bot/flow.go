package bot

// Flow is one machine: a kind of conversation, in states.
type Flow struct {
	Name     string // stored: a promise
	About    string // one sentence, for the generated README
	Title    string // heads each of its messages: "Order {order} · {item}"
	Footer   string // the last line of each of its cards while it is open, kept true: a card whose foot changes is edited
	Starts   []Way  // where it is born, by what is known then: the first way that is open
	First    string // where it is born else
	Case     bool   // the shop sees it as a case and hears of each change
	Keeps    bool   // a record of it keeps the policy that it began under: see Policy.Keeping
	Talk     bool   // one person's talk in one room, rather than a record shared by the parties
	States   States
	Always   Moves    // heard in every state that is not an end, unless the state says otherwise
	Before   []Hear   // tried before a state's own, in every state that is not an end
	Hear     []Hear   // tried after a state's own
	Born     []string // the events a record of this flow may begin with; the first state hears them too
	After    Waits    // deadlines of every state that is not an end
	Facts    []string // the facts its words may name besides terms and windows
	Files    int      // how many files buyer and seller may each bring to a record of it; 0 is as many as come
	Without  []Party  // parties it never speaks to
	Evidence *Choice  // how support's people make a message of their room evidence of a record; nil: they cannot
	Filed    []string // facts that a record is found by: filed as "<fact>:<value>"
	Rules    []string // rules of the field that the flow as a whole carries
}

// States are the places of a flow, by their stored names.
type States map[string]State

// State is one place in a flow: what it says to whom, offers, hears, does, and where it leads.
// A state without Then is an end.
type State struct {
	Tell       To       // news for people on entering: a new message, and the old card loses its buttons
	Card       To       // where it stands, for those who need not act: the card is edited in place
	Offer      Offers   // the buttons each party has now
	List       List     // further buttons that depend on data, for a talk's person
	Hear       []Hear   // what the state itself understands, in this order
	Do         string   // the task it starts on entering, one of Flows.Works
	After      Waits    // its deadlines
	Then       Moves    // what each event leads to
	Firm       bool     // money is moving: "stop" is answered, not obeyed
	NewMessage bool     // in a talk: always a new message, never an edit of the question before
	Silent     *Cond    // of a record: while it holds, entering says nothing, since another state follows at once and says it
	Light      bool     // in a talk: nothing is lost when another flow comes between, so it is not set aside
	Desk       bool     // it waits for support: found in support's queue
	Rules      []string // rules of the field it carries
}

// End says whether nothing more happens here.
func (s *State) End() bool { return len(s.Then) == 0 }

// To is what is said, by party. Words that come out empty are not said.
type To map[Party]string

// Offers are the choices each party has.
type Offers map[Party][]Choice

// List makes choices from what the turn may look at.
type List func(v *View) []Choice

// Choice is a button: an event and its label, for one party.
type Choice struct {
	Event string
	Label string // English with placeholders
	Facts Facts  // what a press says besides
	Form  Form   // the fields asked first, if more is needed
	When  *Cond  // offered only while this holds; nil is always
	Once  bool   // within one visit it counts once, even where it leads nowhere
	Style Style
}

// Style is how much a button asks for attention.
type Style string

// The styles of a button.
const (
	Plain   Style = ""
	Primary Style = "primary"
	Danger  Style = "danger"
)

// Form makes the fields to ask for, from what the case knows at the press.
type Form func(v *View) []Field

// Field is one thing a form asks for.
type Field struct {
	Name     string // the fact it becomes
	Ask      string // English with placeholders
	Kind     FieldKind
	Options  []Option // for OneOf and Sure; for Text, what stands ready to be sent as it is
	Optional bool
	Max      Money  // for Amount: no more than this; its currency is the one asked for
	Limit    int    // for Text: characters, 1000 where it is zero
	Why      string // what to say when an answer does not fit; the kind's own words where empty
	If       string // asked only where an earlier answer is this, or one of these: "offer_kind=discount|partial"; empty is always
}

// FieldKind is what an answer must look like.
type FieldKind string

// The kinds of field.
const (
	Text   FieldKind = "text"
	Files  FieldKind = "files"  // photos and other files, as many as come, each passed on at once, and words to end with
	Amount FieldKind = "amount" // money in the order's currency, above nothing and up to Max
	Code   FieldKind = "code"   // a tracking code
	OneOf  FieldKind = "one_of"
	Time   FieldKind = "time" // a time of day or a day, as people write one: "14:30", "Monday 9:00", "28 November", "in 2 hours"
	Sure   FieldKind = "sure" // shows what will happen; any answer but the first option stops the form
)

// Option is one answer to choose from.
type Option struct{ Value, Label string }

// Hear is a pure function from a message to an event and what was learned; false where it hears nothing.
type Hear func(v *View, m *Message) (Event, bool)

// Cond is a named question about what the turn may look at; the name is shown in drawings.
type Cond struct {
	Name  string
	Holds func(v *View) bool
}

// Waits are the deadlines of a state.
type Waits []Wait

// Wait is one deadline: a window of the policy, whole or half of it, and the event when it has passed.
type Wait struct {
	Full  string // the window's policy key
	Half  string // or half of this window
	Event string
	Kept  bool // the clock started at the first visit runs on through later ones (S55)
	Again bool // it starts anew each time it has passed, while the visit lasts
	When  *Cond
	For   Party // business days are counted in this party's zone; the state's waits are the seller's where empty
	// Judges says that it decides against those whose move it is, by its stake: it does not pass before they were told, and
	// runs longer by what they were told late.
	Judges bool
	// Spares is whom it must not disturb: while they are in the middle of a talk, or wait for support by themselves, FoundBusy is
	// heard in its place.
	Spares Party
}

// Window returns the policy key of the wait.
func (w *Wait) Window() string {
	if w.Half != "" {
		return w.Half
	}
	return w.Full
}

// Moves are what each event leads to.
type Moves map[string]Move

// Move is what an event does in a state: where it leads, what is said and asked on the way.
type Move struct {
	Kind    MoveKind
	Ways    []Way  // for Goes: the first way whose condition holds
	Talk    string // for Begins and Becomes: the flow
	Says    To     // said on the way, as plain messages besides any card
	Quote   bool   // what was written is shown below Says as a quotation, with a way to answer it
	Asks    []Ask  // tasks for other conversations
	Learn   func(v *View, e *Event) Facts
	Anew    []string // windows whose clocks start anew, or stop where their condition no longer holds
	MakesUp bool     // the clocks that judge run longer by the event's fact "away": those of the fact "told", or all
	Shows   bool     // the card is shown afresh where the event came from
	Law     []string
	Attach  func(v *View) []File // files that are sent along with Says
	Apart   string               // what the event says is kept apart, under names that begin so: nothing follows from it yet
	Deals   Party                // this party's buttons are dealt anew and its card edited, while the visit goes on
	Afresh  bool                 // every party's card is sent anew with new buttons, while the visit and its clocks go on
	Answers map[Party][]Choice   // with Quote: the buttons by which each party answers
	History bool                 // it reads what the records about the order have gone through: View.History
	Alone   bool                 // what is said to whoever pressed is for them alone, where the platform can show it so
	Follows List                 // in a record: buttons below what is said to whoever it came from
}

// MoveKind is where a move leads to.
type MoveKind string

// The kinds of move.
const (
	Goes    MoveKind = "go"    // to another state: a new visit
	Stays   MoveKind = "stay"  // the visit, its offers and clocks stand
	Begins  MoveKind = "begin" // another flow; this talk is set aside and comes back
	Becomes MoveKind = "turn"  // another flow in place of this one: nothing is set aside
	Leaves  MoveKind = "leave" // this flow is over; the talk set aside comes back
	Homes   MoveKind = "home"  // everything set aside is dropped; the first flow starts again
)

// Way is one of the places a move may lead to.
type Way struct {
	If *Cond // nil holds always
	To string
}

// Ask names another conversation and the event to tell it by a task (DoTell), which has nothing to do with State.Tell; an
// empty key asks nobody.
type Ask func(v *View, e *Event) (Key, Event)

// Go leads to another state.
func Go(state string) Move { return Move{Kind: Goes, Ways: []Way{{To: state}}} }

// Stay leads nowhere: it speaks or asks; the visit stands.
func Stay() Move { return Move{Kind: Stays} }

// Begin starts another flow and sets this talk aside.
func Begin(flow string) Move { return Move{Kind: Begins, Talk: flow} }

// Become goes on as another flow; nothing comes back.
func Become(flow string) Move { return Move{Kind: Becomes, Talk: flow} }

// Leave ends this flow and comes back to the talk set aside.
func Leave() Move { return Move{Kind: Leaves} }

// Home drops what was set aside and starts the first flow again.
func Home() Move { return Move{Kind: Homes} }

// If leads to the state where the condition holds; give the rest with Else.
func If(c *Cond, state string) Move { return Move{Kind: Goes, Ways: []Way{{If: c, To: state}}} }

// ByPolicy leads where the policy's choice says: way by value. A value that is not listed does not hold.
func ByPolicy(key string, value, state string) Move {
	return If(&Cond{Name: key + " = " + value, Holds: func(v *View) bool { return v.Policy.Choices[key] == value }}, state)
}

// ElseIf adds a way that is tried after those before it.
func (m Move) ElseIf(c *Cond, state string) Move {
	m.Ways = append(m.Ways[:len(m.Ways):len(m.Ways)], Way{c, state})
	return m
}

// Else adds the way that is taken where no condition holds.
func (m Move) Else(state string) Move { return m.ElseIf(nil, state) }

// Saying adds words said on the way.
func (m Move) Saying(to To) Move { m.Says = to; return m }

// Quoting adds words with what was written quoted below them, and the choice by which each party can answer.
func (m Move) Quoting(to To, answers map[Party][]Choice) Move {
	m.Says, m.Quote, m.Answers = to, true, answers
	return m
}

// Attaching sends files along with the words.
func (m Move) Attaching(files func(v *View) []File) Move { m.Attach = files; return m }

// Following puts buttons below what is said to whoever the event came from; they hold while the visit lasts.
func (m Move) Following(choices List) Move { m.Follows = choices; return m }

// ReadingHistory shows the turn what the records about the order have gone through: View.History.
func (m Move) ReadingHistory() Move { m.History = true; return m }

// Privately says it to whoever pressed alone, where the platform can show it so.
func (m Move) Privately() Move { m.Alone = true; return m }

// Asking adds a task for another conversation.
func (m Move) Asking(a ...Ask) Move {
	m.Asks = append(m.Asks[:len(m.Asks):len(m.Asks)], a...)
	return m
}

// Learning adds facts worked out from the event.
func (m Move) Learning(f func(v *View, e *Event) Facts) Move { m.Learn = f; return m }

// Showing shows the card afresh in the room the event came from.
func (m Move) Showing() Move { m.Shows = true; return m }

// MakingUp has the clocks that judge a party run longer by the event's fact "away".
func (m Move) MakingUp() Move { m.MakesUp = true; return m }

// Restarting starts the clocks of windows anew while the visit goes on; where the move leads on, clocks that are kept begin
// there as if for the first time.
func (m Move) Restarting(windows ...string) Move { m.Anew = windows; return m }

// KeepingApart keeps what the event says under names that begin so, until a later event makes it count.
func (m Move) KeepingApart(prefix string) Move { m.Apart = prefix; return m }

// Dealing deals a party's buttons anew and edits its card, while the visit goes on: buttons still on offer stay good.
func (m Move) Dealing(p Party) Move { m.Deals = p; return m }

// Renewing sends every party's card anew with buttons of its own, while the visit and its clocks go on: what was on offer
// before, for other terms, is late from then on. Where money is moving the cards stay: nothing is offered for terms there.
func (m Move) Renewing() Move { m.Afresh = true; return m }

// Rules names the rules of the field that the move carries.
func (m Move) Rules(r ...string) Move { m.Law = r; return m }
