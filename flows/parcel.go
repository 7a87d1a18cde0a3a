package flows

import (
	"strings"
	"time"

	"nevermind/bot"
)

// What is noticed by itself about a parcel while something is open about its order: that it stands still (S47), and that
// the last day for a case comes near (S57, S59). Each is told once; a parcel that has moved may stand still again.
var (
	standstillWait = bot.Wait{Full: "standstill", Event: "stood_still", When: mayStandStill}
	lastDayWait    = bot.Wait{Full: "last_day_near", Event: "last_day_neared", When: lastDayUntold}
)

// Whether there is anything to notice: each is told once, and nothing once it is agreed what becomes of the goods.
var (
	onItsWay = cond("the parcel is on its way, and nothing is settled", func(v *bot.View) bool {
		o := v.Order
		return o != nil && (o.Stage == bot.Shipped || o.Stage == bot.PartShipped) && o.Tracking != "" && !o.Shipped.IsZero() &&
			v.Fact("agreed") == ""
	})
	mayStandStill = cond("the parcel may yet stand still", func(v *bot.View) bool {
		if !onItsWay.Holds(v) || v.Policy.Windows["tracking_still"].IsZero() || v.Fact("still_told") == lastHeardStamp(v) {
			return false
		}
		return !weighsCode(v) || v.Now.Before(stillAt(v)) // else the look at its code has found it
	})
	lastDayUntold = cond("the last day for a case is still to come", func(v *bot.View) bool {
		last, known := lastDay(v)
		return known && hasLeft(v.Order) && v.Now.Before(last) && v.Fact("agreed") == "" && v.Fact("last_day_told") == "" &&
			!v.Policy.Windows["last_day_notice"].IsZero()
	})
)

// weighsCode says whether the record is one in which support weighs a tracking code; elsewhere a standstill is no doubt.
func weighsCode(v *bot.View) bool { return v.Conv.Flow == "case" || v.Conv.Flow == "dispute" }

// lastHeard is when something new was last heard of the parcel: when it left, when the order changed by the shop's own
// clock, or when its tracking changed.
func lastHeard(v *bot.View) time.Time {
	at := v.Order.Shipped
	told, _ := time.Parse(time.RFC3339, v.Fact("parcel_heard")) // none is long ago
	for _, other := range []time.Time{v.Order.Updated, told} {
		if other.After(at) {
			at = other
		}
	}
	return at
}

// lastHeardStamp is that time as a fact, by which a standstill is told once.
func lastHeardStamp(v *bot.View) string { return lastHeard(v).UTC().Format(time.RFC3339) }

// stillAt is when the parcel will have stood still for so long that it is worth asking.
func stillAt(v *bot.View) time.Time {
	return v.Policy.After(v.Policy.Windows["tracking_still"], lastHeard(v), time.UTC)
}

// standstillWindow is how long it is until the parcel has stood still.
func standstillWindow(v *bot.View) bot.Window { return windowUntil(v, stillAt(v)) }

// lastDayWindow is how long it is until the last day for a case is told: the policy's "last_day_notice" before it.
func lastDayWindow(v *bot.View) bot.Window {
	last, _ := lastDay(v)
	return windowUntil(v, last.Add(-v.Policy.Windows["last_day_notice"].Length))
}

// windowUntil is the window that ends at an instant; it ends at once where that has passed.
func windowUntil(v *bot.View, at time.Time) bot.Window {
	return bot.Window{Length: max(0, at.Sub(v.Now))}
}

// Who hears of it. A parcel that has moved since, or a last day that is another one now, is said nothing of.
var (
	parcelStoodStill = bot.Stay().Learning(standstillFacts).Restarting("standstill").
				Saying(bot.To{bot.Buyer: "{parcel_still}", bot.Support: "{parcel_still_support}"}).Dealing(bot.Support).Rules("S47")
	lastDayNeared = bot.Stay().Learning(lastDayFacts).Restarting("last_day_near").Rules("S57", "S59")
	parcelMoved   = bot.Stay().Learning(parcelMovedFacts).Restarting("standstill").Dealing(bot.Support)
)

// parcelMoves are what letters and a watch hear of a parcel; the buyer is told with a button to complain. A case has
// moves of its own, since support reads along.
var parcelMoves = bot.Moves{
	"stood_still":     parcelStoodStill.Quoting(bot.To{bot.Buyer: "{parcel_still}"}, complainButton),
	"last_day_neared": lastDayNeared.Quoting(bot.To{bot.Buyer: "{last_day_word}"}, complainButton),
	"problem_begun":   bot.Stay().Asking(beginProblem),
	"parcel_added":    parcelMoved.Saying(bot.To{bot.Buyer: "There is another parcel. {new_parcel}"}),
}

// complainButton stands below what the buyer is told.
var complainButton = map[bot.Party][]bot.Choice{bot.Buyer: {{Event: "problem_begun", Label: returnOrReport}}}

// goodsWrong leads from a request to cancel, whose order has left, to a case about the goods: the request ends, and the
// talk about what is wrong begins. Nobody has to wait for an answer while the last day for a case passes (S59).
var (
	goodsWrong = bot.Choice{
		Event: "goods_wrong", Label: "Return it or report a problem", When: mayReportGoods,
		Form: sure("The order has left, so this ends your request to cancel. Then you tell me what is wrong, or that you want to send "+
			"it back. Go on?", "Yes, go on"),
	}
	reportInstead = bot.Go("withdrawn").Learning(setFact("instead", "problem")).Asking(beginProblem).Rules("S06", "S57", "S59")

	mayReportGoods = cond("the order has left, and a case about the goods can be opened", func(v *bot.View) bool {
		last, known := lastDay(v)
		return undecided.Holds(v) && notByLaw.Holds(v) && v.Order != nil && v.Order.HasLeft() && (!known || v.Now.Before(last))
	})
)

// beginProblem starts the talk about goods in the room of the press.
func beginProblem(v *bot.View, e *bot.Event) (bot.Key, bot.Event) {
	return bot.TalkKey(e.Room, v.Actor), bot.Event{Name: "problem_begun", Facts: bot.Facts{"order": v.Conv.Order}}
}

// tellLetters tells the letters about an order that a case is open: the buyer has met the last day for one, and the
// parcel is the case's matter now.
func tellLetters(v *bot.View, _ *bot.Event) (bot.Key, bot.Event) {
	return bot.Key("thread/" + v.Conv.Order), bot.Event{Name: "case_opened", By: bot.Shop}
}

// tellWatch tells the same to the buyer's watch over the order, which hands over and ends.
func tellWatch(v *bot.View, _ *bot.Event) (bot.Key, bot.Event) {
	return bot.Key("watch/" + v.Conv.Order + "/" + buyerOf(v)), bot.Event{Name: "case_opened", By: bot.Shop}
}

// standstillFacts adds the standstill to the reasons to doubt the code, with since when; nothing where the parcel has
// moved since the deadline was set.
func standstillFacts(v *bot.View, _ *bot.Event) bot.Facts {
	if !onItsWay.Holds(v) || v.Now.Before(stillAt(v)) {
		return bot.Facts{"still_since": ""}
	}
	facts := bot.Facts{"still_told": lastHeardStamp(v), "still_since": lastHeardStamp(v)}
	if weighsCode(v) {
		facts["doubts"] = strings.TrimPrefix(v.Fact("doubts")+",still", ",")
	}
	return facts
}

// parcelMovedFacts records when the parcel moved, and takes the doubt back.
func parcelMovedFacts(v *bot.View, _ *bot.Event) bot.Facts {
	var doubts []string
	for _, d := range strings.Split(v.Fact("doubts"), ",") {
		if d != "still" {
			doubts = append(doubts, d)
		}
	}
	return bot.Facts{"doubts": strings.Join(doubts, ","), "still_since": "", "parcel_heard": v.Now.UTC().Format(time.RFC3339)}
}

// lastDayFacts records that the last day was told; nothing where the day has moved, or is of no use any more.
func lastDayFacts(v *bot.View, _ *bot.Event) bot.Facts {
	if last, _ := lastDay(v); !lastDayUntold.Holds(v) || v.Now.Before(last.Add(-v.Policy.Windows["last_day_notice"].Length)) {
		return bot.Facts{"last_day_due": ""}
	}
	return bot.Facts{"last_day_told": "yes", "last_day_due": "yes"}
}
