package turn

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"nevermind/bot"
)

// many is a record and a talk that each offer six acts, and the talk a list of twelve lines besides.
func many() (*Ruleset, *bot.Person) {
	var acts []bot.Choice
	then := bot.Moves{"person_asked": bot.Stay(), "bought": bot.Stay(), "picked": bot.Go("over")}
	for i := range 6 {
		c := bot.Choice{Event: fmt.Sprintf("act_%d", i), Label: fmt.Sprintf("Act %d", i)}
		if i > 1 {
			c.Style = bot.Primary
		}
		acts, then[c.Event] = append(acts, c), bot.Go("over")
	}
	lines := func(*bot.View) (all []bot.Choice) {
		for i := range 12 {
			all = append(all, bot.Choice{Event: "picked", Label: fmt.Sprintf("Line %d", i)})
		}
		return all
	}
	states := bot.States{
		"asking": {Tell: bot.To{bot.Buyer: "What now?"}, Offer: bot.Offers{bot.Buyer: acts}, Then: then},
		"over":   {Tell: bot.To{bot.Buyer: "Done."}},
	}
	listing := bot.States{"asking": states["asking"], "over": states["over"]}
	asking := listing["asking"]
	asking.List, asking.NewMessage = lines, true
	listing["asking"] = asking
	record := &bot.Flow{Name: "lamp", First: "asking", Born: []string{"bought"}, States: states}
	talk := &bot.Flow{Name: "home", Talk: true, First: "asking", States: listing}
	r := NewRuleset(&bot.Flows{All: []*bot.Flow{record, talk}, Home: "home", More: "More", Less: "Less"}, nil)
	return r, &bot.Person{ID: "buyer:ana", Rooms: []bot.Room{"web:ana"}}
}

// asked makes the turn by which the buttons are shown, and returns the view from which the next one is made.
func asked(t *testing.T, r *Ruleset, ana *bot.Person, c *bot.Conversation, event string) (*bot.View, bot.Turn) {
	t.Helper()
	v := &bot.View{Now: time.Unix(0, 0), Policy: &bot.Policy{}, Conv: c, Frame: &c.Frame, Actor: ana, Renderer: r,
		People: map[bot.Party]*bot.Person{bot.Buyer: ana},
		Event:  &bot.Event{ID: event, Name: event, By: bot.Buyer, Actor: ana.ID, Room: "web:ana"}}
	made, err := r.Decide(v)
	if err != nil {
		t.Fatal(err)
	}
	v.Conv, v.Frame = &made.Conv, &made.Conv.Frame
	return v, made
}

// said has the person say or press something, and returns how its message shows its buttons.
func said(t *testing.T, r *Ruleset, v *bot.View, m bot.Message) (bot.Turn, string) {
	t.Helper()
	m.ID, m.Room = "m", "web:ana"
	e, refused := r.Hear(v, &m)
	if refused != "" {
		t.Fatalf("%q is refused: %s", m.Text+m.Press, refused)
	}
	v.Event = &e
	made, err := r.Decide(v)
	if err != nil {
		t.Fatal(err)
	}
	v.Conv, v.Frame = &made.Conv, &made.Conv.Frame
	return made, shows(&made)
}

// shows draws the buttons of a turn's last message.
func shows(made *bot.Turn) string {
	var out []string
	r := made.Replies[len(made.Replies)-1]
	for _, b := range r.Choices {
		out = append(out, map[bot.Style]string{bot.Primary: "!"}[b.Style]+b.Label)
	}
	return fmt.Sprint(strings.Join(out, ", "), " and ", len(r.Behind))
}

// token is the token of the button with that label in a turn's last message, also of one behind More.
func token(made *bot.Turn, label string) string {
	r := made.Replies[len(made.Replies)-1]
	all := append(slices.Clone(r.Choices), r.Behind...)
	i := slices.IndexFunc(all, func(b bot.Button) bool { return b.Label == label })
	if i < 0 {
		return "no button " + label
	}
	return all[i].Token
}

// TestMoreOfACard unfolds a card and folds it: nothing moves, no line of the journal tells of it, and every button stays good.
func TestMoreOfACard(t *testing.T) {
	r, ana := many()
	c := &bot.Conversation{Key: "lamp/1", Frame: bot.Frame{Flow: "lamp"}, Parties: map[bot.Party]bot.PersonID{bot.Buyer: ana.ID}}
	v, card := asked(t, r, ana, c, "bought")
	closed := "Act 0, Act 1, !Act 2, Act 3, More and 2"
	if got := shows(&card); got != closed {
		t.Fatalf("the card shows %s, want %s", got, closed)
	}
	open, got := said(t, r, v, bot.Message{Press: token(&card, "More")})
	if want := "!Act 4, Act 5, Less and 0"; got != want || open.Replies[0].Mode != bot.Edit {
		t.Errorf("More shows %s as %s, want %s in place", got, open.Replies[0].Mode, want)
	}
	if open.Entry.Seq != 0 || open.Conv.Entries != card.Conv.Entries || open.Conv.Head != card.Conv.Head {
		t.Errorf("a look is journaled: %+v", open.Entry)
	}
	if open.Conv.Visit != card.Conv.Visit || token(&open, "Act 5") != token(&card, "Act 5") {
		t.Error("a look begins a new visit, or takes a button's token")
	}
	if _, got := said(t, r, v, bot.Message{Press: token(&open, "Less")}); got != closed {
		t.Errorf("Less shows %s, want %s", got, closed)
	}
	if done, _ := said(t, r, v, bot.Message{Press: token(&card, "Act 5")}); done.Conv.State != "over" {
		t.Errorf("what was behind More led to %s, want over", done.Conv.State)
	}
}

// TestMoreOfAnOldCard draws a card anew that the version before has offered, which knew no More.
func TestMoreOfAnOldCard(t *testing.T) {
	r, ana := many()
	c := &bot.Conversation{Key: "lamp/1", Frame: bot.Frame{Flow: "lamp"}, Parties: map[bot.Party]bot.PersonID{bot.Buyer: ana.ID}}
	v, card := asked(t, r, ana, c, "bought")
	v.Frame.Offers = slices.DeleteFunc(v.Frame.Offers, func(o bot.Offer) bool { return o.Unfolds() })
	before := v.Frame.Offers[5].Token
	look := &turn{Ruleset: r, v: v, flow: r.ByName["lamp"], out: bot.Turn{Conv: *v.Conv}}
	look.v.Frame = &look.out.Conv.Frame
	if got := look.offers(
		bot.Reply{},
		bot.Buyer,
		ana,
	); len(got.Choices) != 5 || got.Behind[1].Token != before ||
		before != token(&card, "Act 5") {
		t.Errorf("the old card is drawn as %+v", got)
	}
}

// TestMoreOfAQuestion types labels and numbers below a talk's question: they count as what is shown, and a label behind More
// counts as well.
func TestMoreOfAQuestion(t *testing.T) {
	r, ana := many()
	fresh := func() (*bot.View, bot.Turn) {
		c := &bot.Conversation{Key: "talk/web:ana", Frame: bot.Frame{Flow: "home", State: "asking"}}
		v, _ := asked(t, r, ana, c, "person_asked")
		look := r.begin(v)
		s := look.flow.States["asking"]
		if err := look.enterTalk(&s); err != nil {
			t.Fatal(err)
		}
		made := look.finish("")
		v.Conv, v.Frame = &made.Conv, &made.Conv.Frame
		return v, made
	}
	v, question := fresh()
	if got := shows(
		&question,
	); !strings.HasPrefix(got, "Line 0, ") ||
		!strings.HasSuffix(got, "Line 9, Act 0, Act 1, !Act 2, Act 3, More and 4") {
		t.Errorf("the question shows %s", got)
	}
	open, got := said(t, r, v, bot.Message{Text: "15"}) // as the terminal numbers what is shown
	if want := "Line 10, Line 11, !Act 4, Act 5, Less and 0"; got != want || open.Replies[len(open.Replies)-1].Mode != bot.New {
		t.Errorf("typing More's number shows %s, want %s below", got, want)
	}
	if pressed, _ := said(t, r, v, bot.Message{Text: "less"}); !strings.Contains(shows(&pressed), "More and 4") {
		t.Errorf("typing Less shows %s", shows(&pressed))
	}
	for text, want := range map[string]string{"Act 5": "act_5", "line 11": "picked", "11": "act_0", "1": "picked"} {
		v, _ := fresh()
		if done, _ := said(t, r, v, bot.Message{Text: text}); done.Entry.Event.Name != want {
			t.Errorf("%q is heard as %s, want %s", text, done.Entry.Event.Name, want)
		}
	}
	v, _ = fresh()
	said(t, r, v, bot.Message{Text: "More"})
	if done, _ := said(t, r, v, bot.Message{Text: "4"}); done.Entry.Event.Name != "act_5" {
		t.Errorf("the fourth of what More shows is heard as %s, want act_5", done.Entry.Event.Name)
	}
}
