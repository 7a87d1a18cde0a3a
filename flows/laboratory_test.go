package flows_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"nevermind/bot"
	"nevermind/flows/policies"
)

// How many cases are played for the laboratory: in the drill, and else.
const (
	manyTried = 10_000
	fewTried  = 30
)

// TestLaboratory plays cases to all kinds of ends. Under the policy that they were decided by nothing would differ. Where a
// seller's silence puts a case before support, those differ that silence has decided, and no others: they are found by a
// plain look into the journals.
func TestLaboratory(t *testing.T) {
	t.Parallel()
	cases := fewTried
	if os.Getenv("NEVERMIND_DRILLS") == "1" {
		cases = manyTried
	}
	s := newStage(t, "")
	silent := s.past(0, cases)

	same, err := s.engine.Policies().Laboratory(t.Context(), s.pack.Policy)
	s.must(err)
	if same.Cases != cases || same.Same != cases {
		t.Errorf("unchanged: got %d of %d cases the same, want all of %d; others: %+v", same.Same, same.Cases, cases, same.Partings)
	}
	pack, err := policies.Read([]byte("windows: {seller_silence: support}"))
	s.must(err)
	got, err := s.engine.Policies().Laboratory(t.Context(), pack.Policy)
	s.must(err)
	var differ []string
	s.must(s.engine.Policies().TryEach(t.Context(), pack.Policy, func(p *bot.Parting) {
		if p.Verdict != bot.SameWay {
			differ = append(differ, p.Examples...)
		}
	}))
	slices.Sort(differ)
	slices.Sort(silent)
	if len(silent) == 0 || !slices.Equal(differ, silent) || got.Unknown != len(silent) || got.Same != cases-len(silent) {
		t.Errorf("seller_silence: support: %d differ (%+v), and silence decided %d of %d",
			len(differ), got.Partings, len(silent), cases)
	}
	t.Logf("%d cases, %d of them decided by silence: %+v", cases, len(silent), got)
}

// decidedBySilence are the cases in whose journals the seller's time, or the time for the receipt, has led to the cancellation.
func (s *stage) decidedBySilence() (names []string) {
	for i := range s.journal {
		e := &s.journal[i]
		if e.Event.By == bot.Clock && e.To == "cancelling" &&
			(e.Event.Name == "seller_silent" || e.Event.Name == "shipping_unproved") {
			names = append(names, s.record(e.Conversation).ID)
		}
	}
	return names
}

// inBatch is how many cases are open side by side.
const inBatch = 25

// past plays cases to their ends, from one up to another, and names those that silence has decided. It plays in batches: each
// has a buyer and a seller of its own, and the stage forgets what it has seen of it, so that neither time nor memory grows by
// what was before.
func (s *stage) past(from, cases int) (silent []string) {
	chance := rand.New(rand.NewPCG(18, uint64(142+from)))
	for first := from; first < cases; first += inBatch {
		buyer, seller := fmt.Sprintf("b%d", first), fmt.Sprintf("l%d", first)
		for party, who := range map[bot.Party]string{bot.Buyer: buyer, bot.Seller: seller} {
			s.person(bot.Person{ID: bot.NewPersonID(party, who), Name: who, Language: "en", Accounts: []string{"stage:" + who},
				Rooms: []bot.Room{bot.Room("stage:" + who)}})
		}
		ends := make([]int, min(inBatch, cases-first))
		for i := range ends {
			ends[i] = chance.IntN(len(endings))
			order := pastOrder(first + i)
			o := anOrder(s.t, order+" processing")
			o.Buyer, o.Seller = bot.NewPersonID(bot.Buyer, buyer), bot.NewPersonID(bot.Seller, seller)
			o.Placed, o.Paid, o.ShipBy = s.now.Add(-time.Hour), s.now.Add(-time.Hour), s.now.Add(30*24*time.Hour)
			_, err := s.engine.PutOrder(s.t.Context(), o)
			s.must(err)
			s.plays(buyer, "cancel "+order, "[I don't need it any more]", "[Yes, ask the seller]")
			s.endsNow(endings[ends[i]], buyer, seller, order)
		}
		s.clock(fmt.Sprintf("+%dh", 25+chance.IntN(30)))
		s.clock("+8d")
		for i := range ends {
			s.settles(pastOrder(first + i))
		}
		s.clock("+1h")
		silent = append(silent, s.decidedBySilence()...)
		clear(s.bubbles)
		s.news, s.entries, s.journal, s.saidBy = nil, nil, nil, nil
	}
	return silent
}

func pastOrder(i int) string { return fmt.Sprintf("81%012d", i) }

// endings are what becomes of a case, from the moment the seller is asked: who says what. Nobody says anything in the last.
var endings = [][][2]string{
	{{"seller", "[Cancel and refund 24.90 USD]"}},
	{{"buyer", "[Withdraw my request]"}, {"buyer", "[Yes, withdraw it]"}},
	{{"seller", "[Say no]"}, {"seller", "It is packed."}, {"buyer", "[Keep the order]"}, {"buyer", "[Yes, keep it]"}},
	{{"seller", "[Say no]"}, {"seller", "It is packed."}, {"buyer", "[Let support decide]"}, {"Mira", "[Full refund]"},
		{"Mira", "[Cancel it too]"}, {"Mira", "It had not left."}, {"Mira", "[Yes, decide this]"}},
	{{"seller", "[It has shipped already]"}, {"seller", "{code}"}, {"seller", "On Monday."}, {"seller", "[Leave it out]"}},
	{},
}

// endsNow plays what people say; "seller" and "buyer" are those of the batch.
func (s *stage) endsNow(said [][2]string, buyer, seller, order string) {
	for _, one := range said {
		who := one[0]
		switch who {
		case "buyer":
			who = buyer
		case "seller":
			who = seller
		}
		s.plays(who, strings.ReplaceAll(one[1], "{code}", "LP"+order[3:]))
	}
	s.pass()
}

// plays lets somebody say one thing after the other, and does what follows.
func (s *stage) plays(who string, lines ...string) {
	for _, line := range lines {
		s.speak(who, line)
		s.drain()
	}
}

// settles lets the shop say that an order's refund was sent, where one is asked for.
func (s *stage) settles(order string) {
	o, err := s.engine.Order(s.t.Context(), order)
	s.must(err)
	for _, p := range o.Book {
		if p.Do == "pay_refund" && p.State == "pending" {
			s.settle(order, true, "")
			s.drain()
		}
	}
}
