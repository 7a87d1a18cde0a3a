package flows_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"nevermind/adapters/shop"
	"nevermind/bot"
	"nevermind/flows"
	"nevermind/flows/report"
	"nevermind/flows/transcript"
	"nevermind/store/export"
)

// How many random stories a report is held against: in the drill, and else. NEVERMIND_DRILLS=1 runs the drill.
const (
	manyReported = 1000
	fewReported  = 8
)

// TestReportSums plays random stories and holds the report of each against a count over its export, which looks at how the
// records stand, at tasks and at orders' books, and at the journal only for who answered.
func TestReportSums(t *testing.T) {
	t.Parallel()
	stories := uint64(fewReported)
	if os.Getenv("NEVERMIND_DRILLS") == "1" {
		stories = manyReported
	}
	seen := figures{}
	for seed := uint64(1); seed <= stories; seed++ {
		if !t.Run(fmt.Sprint(seed), func(t *testing.T) { seen.add(reported(t, seed)) }) {
			break
		}
	}
	ends := []string{}
	for _, name := range slices.Sorted(maps.Keys(seen)) {
		if why, left := strings.CutPrefix(name, "left "); left {
			ends = append(ends, fmt.Sprint(why, " ", seen[name]))
		}
	}
	t.Logf("%d stories: %d requests, %d answered, %d agreed, %d refunded, %d arrived; %d figures of %d kinds compared; ended: %s",
		stories, seen["asked"], seen["answered"], seen["agreed"], seen["refunded"], seen["arrived"], seen["figures"], len(seen),
		strings.Join(ends, ", "))
	must := []string{"answered", "agreed", "refunded", "left open", "sellers asked", "buyers asked"}
	if stories == manyReported {
		must = append(must, "arrived", "silent", "odd codes", "support decided", "left withdrawn", "left refused", "left overtaken",
			"left nothing_owed", "left charged_back", "left not_returned", "left on_its_way", "left came_back",
			"buyers rated", "sellers rated", "buyers with a sentence", "sellers with a sentence")
	}
	for _, step := range must {
		if seen[step] == 0 {
			t.Errorf("no story had anything %s: the test shows nothing", step)
		}
	}
}

// figures are numbers by what they count.
type figures map[string]int

func (f figures) add(more figures) {
	for name, n := range more {
		f[name] += n
	}
}

// reported plays one story and compares.
func reported(t *testing.T, seed uint64) figures {
	random := rand.New(rand.NewPCG(seed, 18))
	x := &explorer{random, newStage(t, ruled[random.IntN(len(ruled))]+"\nsatisfaction: on"), "Ana"}
	var told bytes.Buffer
	line := func(l string) {
		if x.playable(l) {
			x.play(&told, l)
		}
	}
	line("invite: Ana")
	begun := toReport()
	for _, i := range random.Perm(len(begun))[:2] {
		for _, l := range begun[i] {
			line(l)
		}
	}
	for range 12 {
		line(x.next())
	}
	line("shop: up")
	for range 20 {
		for _, l := range x.goesOn() {
			line(l)
		}
	}
	r, got := x.report(bot.ReportQuery{}), figures{}
	want := x.exported()
	got.of(&r)
	for _, name := range slices.Sorted(maps.Keys(mergedNames(got, want))) {
		if got[name] != want[name] {
			t.Errorf("%s: the report has %d, the export %d", name, got[name], want[name])
		}
	}
	x.addsUp(&r)
	if t.Failed() {
		t.Logf("seed %d:\n%s", seed, told.String())
	}
	got["figures"] = len(got)
	return got
}

// toReport are how requests begin: as those of other stories, besides one for an order that is not paid, one for an order
// that changes while the shop cannot be asked about it, one whose goods are to go back, and one whose money does not come.
func toReport() (all [][]string) {
	for i := range tried {
		all = append(all, append([]string{"order: " + tried[i].order}, tried[i].lines...))
	}
	missed := append([]string{"order: 82000011 processing", "shop: down"}, asks("82000011")...)
	return append(all, []string{"order: 82000010 unpaid", "Ana: cancel 82000010", "Ana: [Yes, cancel it]"},
		append(missed, "shop: cancel 82000011", "shop: up", "clock: +10m"),
		slices.Concat([]string{"order: 82000012 delivered placed=288h sent=240h came=24h items=Lamp=20"},
			claims("82000012", "It isn't as described", "Send it back and get all the money"),
			[]string{"Lumen: [Agree: 22.50 USD on return]", "Lumen: [Yes, I agree]", "Lumen: [Give the return address]",
				"Lumen: 12 Mill Lane, Leeds", "clock: next", "clock: next"}),
		slices.Concat([]string{"order: 82000013 processing items=Lamp=20"}, asks("82000013"),
			[]string{"Lumen: [Cancel and refund 22.50 USD]", "shop: settle 82000013", "clock: next", "clock: next", "clock: next",
				"Ana: [It is missing or wrong]"}))
}

// onwards are buttons by which people bring requests to their ends.
var onwards = map[string][]string{
	"Lumen": {"Cancel and refund", "Agree:", "Say no", "The parcel is back", "It has shipped already", "Well", "So-so", "Say why"},
	"Ana": {
		"Withdraw", "Keep the order", "Let support decide", "I have sent it", "It has arrived", "It is missing or wrong",
		"Badly", "So-so", "Not now", "Say why",
	},
	"Mira": {"Full refund", "Refuse", "Decide without waiting", "Take it", "I have found it"},
}

// goesOn are lines that bring some request nearer to its end: an act of somebody, with what they are asked then, or of the shop
// or the clock.
func (x *explorer) goesOn() []string {
	switch x.IntN(4) {
	case 0:
		return []string{"clock: " + pick(x, []string{"next", "+25h", "+11d", "+31d"})}
	case 1:
		return []string{"shop: " + x.moneyMoves()}
	}
	who := pick(x, []string{"Ana", "Lumen", "Mira"})
	for _, label := range x.buttonsOf(who) {
		if slices.ContainsFunc(onwards[who], func(o string) bool { return strings.HasPrefix(label, o) }) && x.IntN(2) == 0 {
			return []string{who + ": [" + label + "]", who + ": It is as I say.", who + ": [Yes, decide this]", "clock: +11s"}
		}
	}
	return nil
}

// moneyMoves is what the shop says of money: a refund is sent, fails or comes back, or the bank takes it.
func (x *explorer) moneyMoves() string {
	order := x.order()
	acts := []string{"settle " + order, "settle " + order, "settle " + order, "fail " + order + " closed"}
	o, err := x.engine.Order(x.t.Context(), order)
	x.must(err)
	if slices.ContainsFunc(o.Book, func(p bot.Posting) bool { return p.Do == "pay_refund" && p.State == "done" }) {
		acts = append(acts, "bounce "+order+" closed")
	}
	if o.Stage != bot.Unpaid {
		acts = append(acts, "charge "+order+" "+pick(x, []string{"open", "completed", "reversed"})+":"+o.Total.Amount())
	}
	return pick(x, acts)
}

// buttonsOf are the labels of all that somebody can press.
func (x *explorer) buttonsOf(who string) (labels []string) {
	for _, b := range x.bubbles[roomOf(who)] {
		for _, c := range pressable(&b.reply) {
			labels = append(labels, transcript.Still(c.Label))
		}
	}
	x.Shuffle(len(labels), func(i, j int) { labels[i], labels[j] = labels[j], labels[i] })
	return labels
}

func mergedNames(a, b figures) figures {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return all
}

// report makes a report of all that the stage has kept.
func (s *stage) report(q bot.ReportQuery) bot.Report {
	r, err := report.Make(q, s.now,
		func(term string, after bot.Key, n int) ([]bot.Key, error) {
			return s.store.Find(s.t.Context(), term, after, n)
		},
		func(key bot.Key) ([]bot.Entry, error) { return s.store.Journal(s.t.Context(), key, 0, 100000) })
	s.must(err)
	return r
}

// of takes the figures of a report that can be counted in an export.
func (f figures) of(r *bot.Report) {
	g := &r.All
	for step, n := range map[string]int{
		"asked": g.Asked, "answered": g.Answered, "agreed": g.Agreed, "refunded": g.Refunded, "arrived": g.Arrived,
		"silent": g.Seller.Silent, "odd codes": g.Seller.OddCodes, "support decided": g.Support.Decided,
	} {
		f.put(step, n)
	}
	for _, l := range g.Left {
		f.put("left "+l.Why, f["left "+l.Why]+l.N)
	}
	for method, m := range g.Refunds {
		f.put("sent by "+method, m.Sent)
		for currency, sum := range m.Amounts {
			f.put("sent by "+method+" in "+currency, int(sum.Minor))
		}
	}
	for _, what := range []string{"week", "seller", "reason"} {
		for i := range r.By[what] {
			g := &r.By[what][i]
			f.put(what+" "+g.Name+" asked", g.Asked)
			f.put(what+" "+g.Name+" refunded", g.Refunded)
		}
	}
	for who, s := range g.Satisfaction {
		f.put(string(who)+"s asked", s.Asked)
		f.put(string(who)+"s rated", s.Answered)
		f.put(string(who)+"s with a sentence", s.Sentences)
		for rating, n := range map[string]int{"good": s.Good, "fair": s.Fair, "bad": s.Bad} {
			f.put(string(who)+"s say "+rating, n)
		}
	}
}

// put leaves out zeroes, so that what is not there and what is none are the same.
func (f figures) put(name string, n int) {
	if n != 0 {
		f[name] = n
	}
}

// exportedLine is what the count reads of a line.
type exportedLine struct {
	Kind, Key, Order, Flow, State, Do, From string
	Parties                                 map[bot.Party]bot.PersonID
	Facts                                   bot.Facts
	OpenedAt                                time.Time `json:"opened_at"`
	Conversation                            string
	Event                                   struct {
		Name  string
		By    bot.Party
		Facts bot.Facts
	}
	Outcome, ID, Note, To string
	Method                string `json:"payment_method"`
}

// exported counts over an export.
func (s *stage) exported() figures {
	var out bytes.Buffer
	s.must(export.Write(s.t.Context(), &out, s.store, func(o bot.Order) any { return shop.NewOrder(o) }))
	var lines []exportedLine
	for line := range bytes.Lines(out.Bytes()) {
		if bytes.HasPrefix(line, []byte(`{"kind":"deadline"`)) {
			continue // its event is a word
		}
		var l exportedLine
		s.must(json.Unmarshal(line, &l))
		lines = append(lines, l)
	}
	c := newCounting(lines)
	for key, l := range c.records {
		if l.Flow == "case" || l.Flow == "dispute" {
			c.request(key, l)
		}
		c.rating(l)
	}
	return c.figures
}

// rating counts one side's word of how a case was handled, by how the record that asked them stands.
func (c *counting) rating(l exportedLine) {
	who, asks := strings.CutSuffix(l.Flow, "_rating")
	if !asks || l.State == "letting_rest" || l.State == "not_asked" {
		return
	}
	c.figures[who+"s asked"]++
	if how := l.Facts["rating"]; how != "" {
		c.figures[who+"s rated"]++
		c.figures[who+"s say "+how]++
	}
	if l.Facts["rating_words"] != "" {
		c.figures[who+"s with a sentence"]++
	}
}

// counting counts over an export's lines.
type counting struct {
	figures
	records map[string]exportedLine
	methods map[string]string          // of orders
	worked  map[string]bool            // records that have asked the shop to cancel or to pay
	heard   map[string]map[string]bool // by record: what has moved it; of sellers' answers, also as "answered"
}

func newCounting(lines []exportedLine) *counting {
	c := &counting{figures{}, map[string]exportedLine{}, map[string]string{}, map[string]bool{}, map[string]map[string]bool{}}
	answers := answersOffered()
	for _, l := range lines {
		switch {
		case l.Kind == "order":
			c.methods[l.ID] = l.Method
		case l.Kind == "conversation":
			c.records[l.Key] = l
		case l.Do == "cancel_order" || l.Do == "pay_refund":
			c.worked[l.From] = true
		case l.Kind == "journal" && l.Note == "":
			if c.heard[l.Conversation] == nil {
				c.heard[l.Conversation] = map[string]bool{}
			}
			name := l.Event.Name
			if cmp.Or(bot.Party(l.Event.Facts["called_for"]), l.Event.By) == bot.Seller && answers[name] {
				c.heard[l.Conversation]["answered"] = true
			}
			c.heard[l.Conversation][name] = true
			if name == "buyer_untold" && l.From == "returning" {
				c.heard[l.Conversation]["return_untold"] = true
			}
		}
	}
	return c
}

// answersOffered are what sellers are offered, while they are asked, to move a request on.
func answersOffered() map[string]bool {
	all := map[string]bool{}
	for _, f := range flows.All().All {
		asking, there := f.States["awaiting_seller"]
		if !there {
			continue
		}
		for _, c := range asking.Offer[bot.Seller] {
			if m, ok := asking.Then[c.Event]; ok && m.Kind == bot.Goes {
				all[c.Event] = true
			}
		}
	}
	return all
}

// request counts one request by how its record stands.
func (c *counting) request(key string, l exportedLine) {
	_, seller := l.Parties[bot.Seller].Split()
	reason := cmp.Or(l.Facts["reason"], l.Facts["problem"])
	year, n := l.OpenedAt.UTC().ISOWeek()
	groups := []string{"seller " + seller, "reason " + reason, fmt.Sprintf("week %04d-W%02d", year, n)}
	refunded := l.State == "refunded"
	c.figures["asked"]++
	for _, g := range groups {
		c.figures[g+" asked"]++
		if refunded {
			c.figures[g+" refunded"]++
		}
	}
	agreed := c.worked[key] || refunded || l.State == "cancelled" || c.goodsGoBack(key, l)
	if agreed {
		c.figures["agreed"]++
	}
	decided := cmp.Or(l.Facts["verdict"], l.Facts["ruling"]) != "" || c.heard[key]["appealed"]
	if agreed || decided || l.State == "refused" || c.heard[key]["answered"] {
		c.figures["answered"]++
	}
	c.silence(key, l)
	if decided {
		c.figures["support decided"]++
	}
	why := "open"
	switch l.State {
	case "withdrawn", "refused", "charged_back", "not_returned", "overtaken":
		why = l.State
	case "not_shipped":
		why = "overtaken"
	case "cancelled":
		why = "nothing_owed"
	case "refunded":
		why = c.money(key, l)
	}
	if why != "" {
		c.figures["left "+why]++
	}
}

// goodsGoBack says whether it was agreed or decided in a dispute that the goods go back first; or whether they have been on
// their way, or their buyer could not be told that they do, whatever was decided since.
func (c *counting) goodsGoBack(key string, l exportedLine) bool {
	heard := c.heard[key]
	return l.Flow == "dispute" && (heard["return_sent"] || heard["return_untold"] || heard["return_missed"] ||
		heard["parcel_missing"] || heard["parcel_wrong"] ||
		l.Facts["agreed_kind"] == "return" && l.State != "awaiting_appeal" && l.State != "passing_on_ruling")
}

func (c *counting) silence(key string, l exportedLine) {
	if c.heard[key]["seller_silent"] && !c.heard[key]["seller_unreached"] {
		c.figures["silent"]++
	}
	if l.Facts["doubts"] != "" {
		c.figures["odd codes"]++
	}
}

// money counts what the shop has sent, and says why it has not arrived; "" where it has.
func (c *counting) money(key string, l exportedLine) string {
	c.figures["refunded"]++
	method := c.methods[l.Order]
	c.figures["sent by "+method]++
	beside := strings.Replace(key, l.Flow+"/", "arrival/", 1)
	if l.Flow == "dispute" {
		beside += "/dispute"
	}
	a, there := c.records[beside]
	if !there {
		return "not_followed"
	}
	amount, err := bot.ReadMoney(a.Facts["amount"])
	if err != nil {
		panic(err)
	}
	c.figures["sent by "+method+" in "+amount.Currency] += int(amount.Minor)
	switch a.State {
	case "there", "not_missed", "explained":
		c.figures["arrived"]++
		return ""
	case "came_back":
		return "came_back"
	case "chasing_refund":
		return "looked_for"
	}
	return "on_its_way"
}

// addsUp checks that a report is of one piece: each step less the next is who has left, and each breakdown is the whole.
func (x *explorer) addsUp(r *bot.Report) {
	x.t.Helper()
	for what, groups := range r.By {
		sum, asked, rated := bot.ReportGroup{}, map[bot.Party]int{}, map[bot.Party]int{}
		for i := range groups {
			g := &groups[i]
			x.closes(what+" "+g.Name, g)
			sum.Asked, sum.Answered, sum.Agreed = sum.Asked+g.Asked, sum.Answered+g.Answered, sum.Agreed+g.Agreed
			sum.Refunded, sum.Arrived = sum.Refunded+g.Refunded, sum.Arrived+g.Arrived
			for who, s := range g.Satisfaction {
				asked[who] += s.Asked
				rated[who] += s.Answered
			}
		}
		for who, s := range r.All.Satisfaction {
			if asked[who] != s.Asked || rated[who] != s.Answered || s.Good+s.Fair+s.Bad != s.Answered || s.Answered > s.Asked {
				x.t.Errorf("by %s: %ss asked %d and rated %d do not add up to %+v", what, who, asked[who], rated[who], s)
			}
		}
		a := &r.All
		if sum.Asked != a.Asked || sum.Answered != a.Answered || sum.Agreed != a.Agreed || sum.Refunded != a.Refunded ||
			sum.Arrived != a.Arrived {
			x.t.Errorf("by %s: %+v do not add up to %+v", what, sum, r.All)
		}
	}
	x.closes("all", &r.All)
}

// closes checks one group's funnel.
func (x *explorer) closes(name string, g *bot.ReportGroup) {
	x.t.Helper()
	left := map[string]int{}
	for _, l := range g.Left {
		left[l.After] += l.N
	}
	by := func(m map[string]int) (n int) {
		for _, k := range m {
			n += k
		}
		return n
	}
	for step, lost := range map[string]int{
		"asked": g.Asked - g.Answered, "answered": g.Answered - g.Agreed, "agreed": g.Agreed - g.Refunded,
		"refunded": g.Refunded - g.Arrived,
	} {
		if lost != left[step] {
			x.t.Errorf("%s: %d go no further than %s, and %d are said to have left there", name, lost, step, left[step])
		}
	}
	if by(g.AnsweredBy) != g.Answered || by(g.AgreedBy) != g.Agreed {
		x.t.Errorf("%s: answered by %v of %d, agreed by %v of %d", name, g.AnsweredBy, g.Answered, g.AgreedBy, g.Agreed)
	}
}
