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
		return v.With(halfAndNineWords(v, r, own)).Count(r, len(own), "", "Of the last {n} refunds this way for orders from "+
			"{seller}, half were there within {half}, and nine in ten within {nine}.")
	}
	all := measuredHours(v, refundStatistics(method(v), ""))
	if len(all) < fewestCases {
		return ""
	}
	return v.With(halfAndNineWords(v, r, all)).Count(r, len(all), "", "Of the last {n} refunds this way, "+
		"half were there within {half}, and nine in ten within {nine}.")
}

// halfAndNineWords are the times within which half of the cases were over, and nine in ten.
func halfAndNineWords(v *bot.View, r *bot.Person, hours []int) bot.Facts {
	half, nine := halfAndNine(hours)
	return bot.Facts{"half": hoursSpan(v, r, half), "nine": hoursSpan(v, r, nine)}
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
			lines.WriteString("\n• " + measuredWords(v.With(bot.Facts{"of": label}), r, hours))
		}
	}
	switch question {
	case "Q1":
		add(v.Say(r, "All sellers"), allSellersAnswers)
		for _, s := range ownSellers(v) {
			add(nameOf(v, r, s), string(s.ID))
		}
	case "Q2":
		for _, way := range paymentMethods(v.Policy) {
			add(v.Say(r, methodLabel(way)), refundStatistics(way, ""))
			for _, s := range ownSellers(v) {
				add(v.With(bot.Facts{"way": v.Say(r, methodLabel(way)), "by": nameOf(v, r, s)}).Say(r, "{way}, from {by}"),
					refundStatistics(way, string(s.ID)))
			}
		}
	default:
		return ""
	}
	if lines.Len() == 0 {
		return "\n" + v.Say(r, "Measured here: not enough cases yet.")
	}
	return "\n" + v.Say(r, "Measured here:") + lines.String()
}

// measuredWords is how long cases took, with their count; or that there are too few to say.
func measuredWords(v *bot.View, r *bot.Person, hours []int) string {
	if len(hours) < fewestCases {
		return v.With(bot.Facts{"few": strconv.Itoa(len(hours)), "fewest": strconv.Itoa(fewestCases)}).
			Say(r, "{of}: not enough cases yet ({few} of {fewest}).")
	}
	return v.With(halfAndNineWords(v, r, hours)).Count(r, len(hours), "", "{of}: half within {half}, nine in ten within {nine} "+
		"({n} cases).")
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

// sellerUsually says how a seller has answered requests so far, with counts; nothing where there are too few (S45, Q10).
func sellerUsually(v *bot.View, r *bot.Person) string {
	o := orderOf(v)
	if o == nil {
		return ""
	}
	t := statisticsOf(v, string(o.Seller))
	all := 0
	for _, name := range []string{"n_accepted", "n_rejected", "n_offered", "n_silent"} {
		all += intOrZero(t[name])
	}
	if all < fewestCases {
		return ""
	}
	count := func(name string) string { return strconv.Itoa(intOrZero(t[name])) }
	return v.With(bot.Facts{
		"agreed_to": count("n_accepted"), "refused_n": count("n_rejected"), "offered_n": count("n_offered"),
		"silent_n": count("n_silent"),
	}).Count(r, all, "", "Of the last {n} requests, {seller} agreed to {agreed_to}, made another offer for {offered_n}, "+
		"said no to {refused_n} and left {silent_n} unanswered.")
}

// fewestCases is how many cases it takes to speak of what is usual; below it that is said instead.
const fewestCases = 5
