package flows

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"nevermind/bot"
)

// statisticsTerms are what {names} stand for in words about what is usual.
var statisticsTerms = map[string]bot.Term{
	"seller_usually": sellerUsually,
	"measured":       measuredRefundTime,
}

// measuredRefundTime says how long refunds by the order's method took here, for its seller or else for all, once there are enough
// (Q2): half of them, and nine in ten.
func measuredRefundTime(v *bot.View, r *bot.Person) string {
	o := orderOf(v)
	if o == nil {
		return ""
	}
	if own := measuredHours(v, refundStatistics(method(v), string(o.Seller))); len(own) >= fewestCases {
		return v.Count(r, len(own), "", " Of the last {n} refunds this way") + v.Say(r, " for orders from {seller}, ") +
			halfAndNineWords(v, r, own)
	}
	all := measuredHours(v, refundStatistics(method(v), ""))
	if len(all) < fewestCases {
		return ""
	}
	return v.Count(r, len(all), "", " Of the last {n} refunds this way") + ", " + halfAndNineWords(v, r, all)
}

// halfAndNineWords says within which time half of the refunds were there, and nine in ten.
func halfAndNineWords(v *bot.View, r *bot.Person, hours []int) string {
	half, nine := halfAndNine(hours)
	return v.Say(r, "half were there within ") + hoursSpan(v, r, half) + v.Say(r, " and nine in ten within ") +
		hoursSpan(v, r, nine) + "."
}

// measuredHours are the durations that were counted, in whole hours, shortest first.
func measuredHours(v *bot.View, whose string) []int {
	var hours []int
	for _, h := range strings.Fields(statisticsOf(v, whose)["hours"]) {
		hours = append(hours, intOrZero(h))
	}
	slices.Sort(hours)
	return hours
}

// halfAndNine are the hours within which half of the cases were over, and nine in ten.
func halfAndNine(hours []int) (half, nine int) {
	return hours[(len(hours)-1)/2], hours[(len(hours)*9+9)/10-1]
}

// hoursSpan says a number of hours in words; what took less than two is "an hour".
func hoursSpan(v *bot.View, r *bot.Person, hours int) string {
	if hours <= 1 {
		return v.Say(r, "an hour")
	}
	return formatWindow(v, r, bot.Window{Length: time.Duration(hours) * time.Hour})
}

// measuredHere is what this shop has measured itself: how long sellers took to answer (Q1), and refunds by each way of
// paying (Q2), of all and of the reader's own sellers; with how many cases it goes by, or that there are too few.
func measuredHere(v *bot.View, r *bot.Person, question string) string {
	var lines strings.Builder
	add := func(label, whose string) {
		if hours := measuredHours(v, whose); len(hours) > 0 {
			lines.WriteString("\n• " + label + ": " + measuredWords(v, r, hours))
		}
	}
	switch question {
	case "Q1":
		add(v.Say(r, "all sellers"), allSellersAnswers)
		for _, s := range ownSellers(v) {
			add(nameOf(v, r, s), string(s.ID))
		}
	case "Q2":
		for _, way := range paymentMethods(v.Policy) {
			add(v.Say(r, way), refundStatistics(way, ""))
			for _, s := range ownSellers(v) {
				add(v.Say(r, way)+", "+nameOf(v, r, s), refundStatistics(way, string(s.ID)))
			}
		}
	default:
		return ""
	}
	if lines.Len() == 0 {
		return v.Say(r, "\nMeasured here: not enough cases yet.")
	}
	return v.Say(r, "\nMeasured here:") + lines.String()
}

// measuredWords is how long cases took, with their count; or that there are too few to say.
func measuredWords(v *bot.View, r *bot.Person, hours []int) string {
	if len(hours) < fewestCases {
		return v.Say(r, "not enough cases yet (") + strconv.Itoa(len(hours)) + v.Say(r, " of ") + strconv.Itoa(fewestCases) + ")"
	}
	half, nine := halfAndNine(hours)
	return v.Say(r, "half within ") + hoursSpan(v, r, half) + v.Say(r, ", nine in ten within ") + hoursSpan(v, r, nine) + " (" +
		v.Count(r, len(hours), "one case", "{n} cases") + ")"
}

// mostSellers is how many of a buyer's sellers are told of.
const mostSellers = 3

// ownSellers are the sellers of a buyer's newest orders, or a seller themselves; nobody for anybody else.
func ownSellers(v *bot.View) []*bot.Person {
	if v.Actor.Party() == bot.Seller {
		return []*bot.Person{v.Actor}
	}
	var sellers []*bot.Person
	for _, o := range v.Look.Orders(0, 20) {
		known := slices.ContainsFunc(sellers, func(p *bot.Person) bool { return p.ID == o.Seller })
		if !known && len(sellers) < mostSellers {
			sellers = append(sellers, v.Look.Person(o.Seller))
		}
	}
	return sellers
}

// sellerUsually says how a seller has answered requests so far, with counts, or that there are too few (S45, Q10).
func sellerUsually(v *bot.View, r *bot.Person) string {
	o := orderOf(v)
	if o == nil {
		return ""
	}
	t := statisticsOf(v, string(o.Seller))
	agreed, refused := intOrZero(t["n_accepted"]), intOrZero(t["n_rejected"])
	offered, silent := intOrZero(t["n_offered"]), intOrZero(t["n_silent"])
	all := agreed + refused + offered + silent
	if all < fewestCases {
		return v.Say(r, "There are too few cases to say how {seller} usually answers.")
	}
	var parts []string
	for _, p := range []struct {
		n     int
		words string
	}{{agreed, "agreed to "}, {offered, "offered something else to "}, {refused, "refused "}, {silent, "left unanswered "}} {
		if p.n > 0 {
			parts = append(parts, v.Say(r, p.words)+strconv.Itoa(p.n))
		}
	}
	return v.Count(r, all, "Of the last request", "Of the last {n} requests") + v.Say(r, ", {seller} ") +
		strings.Join(parts, ", ") + "."
}

// fewestCases is how many cases it takes to speak of what is usual; below it that is said instead.
const fewestCases = 5
