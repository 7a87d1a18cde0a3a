package flows

import (
	"slices"
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
	mayStandStill = cond("a parcel may yet stand still", func(v *bot.View) bool { return len(mayBeStill(v)) > 0 })
	lastDayUntold = cond("the last day for a case is still to come", func(v *bot.View) bool { return len(lastDaysAhead(v)) > 0 })
)

// moving are the parcels at hand that are on their way, while nothing is settled.
func moving(v *bot.View) []bot.Parcel {
	o := v.Order
	if o == nil || o.Stage != bot.Shipped && o.Stage != bot.PartShipped || v.Fact("agreed") != "" {
		return nil
	}
	return slices.DeleteFunc(parcelsAtHand(v), func(p bot.Parcel) bool {
		return p.Code == "" || p.Shipped.IsZero() || ofSeveral(v) && !p.Delivered.IsZero()
	})
}

// mayBeStill are those of which a standstill is still to be told. Where support weighs a tracking code, the look at it has
// found one that stood still by then.
func mayBeStill(v *bot.View) []bot.Parcel {
	if v.Policy.Windows["tracking_still"].IsZero() {
		return nil
	}
	return slices.DeleteFunc(moving(v), func(p bot.Parcel) bool {
		return slices.Contains(listed(v.Fact("still_told")), stillStamp(v, &p)) || weighsCode(v) && !v.Now.Before(stillAt(v, &p))
	})
}

// weighsCode says whether the record is one in which support weighs a tracking code; elsewhere a standstill is no doubt.
func weighsCode(v *bot.View) bool { return v.Conv.Flow == "case" || v.Conv.Flow == "dispute" }

// lastHeard is when something new was last heard of a parcel: when it left, when something new was put about it by the shop's
// own clock, or, of an order in one parcel, when its tracking changed.
func lastHeard(v *bot.View, p *bot.Parcel) time.Time {
	at := p.Shipped
	if p.Heard.After(at) {
		at = p.Heard
	}
	if told, _ := time.Parse(time.RFC3339, v.Fact("parcel_heard")); !ofSeveral(v) && told.After(at) { // none is long ago
		at = told
	}
	return at
}

// stillStamp is that time as a fact, by which a standstill is told once; of several parcels with the parcel.
func stillStamp(v *bot.View, p *bot.Parcel) string {
	stamp := lastHeard(v, p).UTC().Format(time.RFC3339)
	if ofSeveral(v) {
		return p.ID + "@" + stamp
	}
	return stamp
}

// stillAt is when a parcel will have stood still for so long that it is worth asking.
func stillAt(v *bot.View, p *bot.Parcel) time.Time {
	return v.Policy.After(v.Policy.Windows["tracking_still"], lastHeard(v, p), time.UTC)
}

// standstillWindow is how long it is until the first of the parcels has stood still.
func standstillWindow(v *bot.View) bot.Window {
	return windowUntil(v, earliest(mayBeStill(v), func(p *bot.Parcel) time.Time { return stillAt(v, p) }))
}

// lastDaysAhead are the parcels at hand whose last day for a case is still to be told.
func lastDaysAhead(v *bot.View) []bot.Parcel {
	if v.Order == nil || !hasLeft(v.Order) || v.Fact("agreed") != "" || v.Policy.Windows["last_day_notice"].IsZero() {
		return nil
	}
	return slices.DeleteFunc(parcelsAtHand(v), func(p bot.Parcel) bool {
		last, known := lastDayOf(v, &p)
		told := v.Fact("last_day_told") != ""
		if ofSeveral(v) {
			told = slices.Contains(listed(v.Fact("last_day_told")), p.ID)
		}
		return !known || !v.Now.Before(last) || told
	})
}

// noticeAt is when the last day of a parcel is told: the policy's "last_day_notice" before it.
func noticeAt(v *bot.View, p *bot.Parcel) time.Time {
	last, _ := lastDayOf(v, p)
	return last.Add(-v.Policy.Windows["last_day_notice"].Length)
}

// lastDayWindow is how long it is until the next last day for a case is told.
func lastDayWindow(v *bot.View) bot.Window {
	return windowUntil(v, earliest(lastDaysAhead(v), func(p *bot.Parcel) time.Time { return noticeAt(v, p) }))
}

// earliest is the first of the times of parcels; zero where there are none.
func earliest(parcels []bot.Parcel, at func(p *bot.Parcel) time.Time) (first time.Time) {
	for i := range parcels {
		if t := at(&parcels[i]); first.IsZero() || t.Before(first) {
			first = t
		}
	}
	return first
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
	"parcel_added":    parcelMoved.Saying(bot.To{bot.Buyer: "{another_parcel}"}),
	"parcel_delivered": bot.Stay().Learning(parcelMovedFacts).Restarting("standstill", "last_day_near").
		Quoting(bot.To{bot.Buyer: "{parcel_there}"}, complainButton).Rules("S57", "S58"),
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
	return bot.Key("thread/" + v.Conv.Order), caseOpened(v)
}

// tellWatch tells the same to the buyer's watch over the order, which hands over and ends.
func tellWatch(v *bot.View, _ *bot.Event) (bot.Key, bot.Event) {
	return bot.Key("watch/" + v.Conv.Order + "/" + buyerOf(v)), caseOpened(v)
}

// caseOpened is what they are told, with the parcel that the case is about.
func caseOpened(v *bot.View) bot.Event {
	e := bot.Event{Name: "case_opened", By: bot.Shop}
	if p := v.Fact("parcel"); p != "" {
		e.Facts = bot.Facts{"parcels": p}
	}
	return e
}

// standstillFacts adds a standstill to the reasons to doubt the code, with since when and of which parcels; nothing where they
// have moved since the deadline was set.
func standstillFacts(v *bot.View, _ *bot.Event) bot.Facts {
	told := listed(v.Fact("still_told"))
	still := slices.DeleteFunc(moving(v), func(p bot.Parcel) bool {
		return v.Now.Before(stillAt(v, &p)) || ofSeveral(v) && slices.Contains(told, stillStamp(v, &p))
	})
	if len(still) == 0 {
		return bot.Facts{"still_since": "", "still_parcels": ""}
	}
	facts := bot.Facts{"still_told": stillStamp(v, &still[0]), "still_since": lastHeard(v, &still[0]).UTC().Format(time.RFC3339)}
	if ofSeveral(v) {
		facts["still_told"], facts["still_parcels"] = v.Fact("still_told"), strings.Join(idsOf(still), ",")
		for i := range still {
			facts["still_told"] = addListed(facts["still_told"], stillStamp(v, &still[i]))
		}
	}
	if weighsCode(v) {
		facts["doubts"] = addListed(v.Fact("doubts"), "still")
	}
	return facts
}

// parcelMovedFacts records when the parcel moved, and takes the doubt back; nothing where it was another one.
func parcelMovedFacts(v *bot.View, e *bot.Event) bot.Facts {
	if !isNews(v, e) {
		return nil
	}
	doubts := slices.DeleteFunc(listed(v.Fact("doubts")), func(d string) bool { return d == "still" })
	return bot.Facts{"doubts": strings.Join(doubts, ","), "still_since": "", "parcel_heard": v.Now.UTC().Format(time.RFC3339)}
}

// lastDayFacts records of which parcels the last day was told; nothing where the day has moved, or is of no use any more.
func lastDayFacts(v *bot.View, _ *bot.Event) bot.Facts {
	near := slices.DeleteFunc(lastDaysAhead(v), func(p bot.Parcel) bool { return v.Now.Before(noticeAt(v, &p)) })
	switch {
	case len(near) == 0:
		return bot.Facts{"last_day_due": ""}
	case ofSeveral(v):
		return bot.Facts{
			"last_day_told": addListed(v.Fact("last_day_told"), idsOf(near)...), "last_day_due": strings.Join(idsOf(near), ","),
		}
	}
	return bot.Facts{"last_day_told": "yes", "last_day_due": "yes"}
}
