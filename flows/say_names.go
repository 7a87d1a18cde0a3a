package flows

import (
	"strings"
	"unicode"

	"nevermind/bot"
)

// nameOf is what somebody is called by a reader, never empty.
func nameOf(v *bot.View, r, who *bot.Person) string {
	if who.WasErased() {
		return v.Say(r, formerName[who.Party()])
	}
	if n := strings.TrimSpace(bot.Clean(who.Name)); hasVisible(n) {
		return bot.Shorten(n, 60)
	}
	_, id := who.ID.Split()
	switch who.Party() {
	case bot.Buyer:
		return v.With(bot.Facts{"id": id}).Say(r, "Buyer {id}")
	case bot.Seller:
		return v.With(bot.Facts{"id": id}).Say(r, "Seller {id}")
	}
	return v.Say(r, "Somebody")
}

// myName is what somebody is called to their face.
func myName(v *bot.View, r *bot.Person) string {
	if !hasVisible(r.Name) {
		return v.Say(r, "there")
	}
	return nameOf(v, r, r)
}

// hasVisible says whether anything of a name can be seen.
func hasVisible(s string) bool {
	return strings.ContainsFunc(
		s,
		func(c rune) bool { return unicode.IsLetter(c) || unicode.IsNumber(c) || unicode.IsSymbol(c) },
	)
}

// formerName is what somebody is called whose data were erased.
var formerName = map[bot.Party]string{
	bot.Buyer:   "a former customer",
	bot.Seller:  "a former seller",
	bot.Support: "a former colleague",
}

// theParty is a side whose name is not known.
var theParty = map[bot.Party]string{bot.Buyer: "the buyer", bot.Seller: "the seller", bot.Support: "our support team"}

// partyName is the name of a side, in a record or of the order a talk is about.
func partyName(v *bot.View, r *bot.Person, p bot.Party) string {
	who := v.People[p]
	if who == nil {
		o := orderOf(v)
		if o == nil || v.Look == nil {
			return v.Say(r, theParty[p])
		}
		id := o.Buyer
		if p == bot.Seller {
			id = o.Seller
		}
		who = v.Look.Person(id)
	}
	return nameOf(v, r, who)
}

// askerName is who asks for a person: the actor, or the one person a help record is with.
func askerName(v *bot.View, r *bot.Person) string {
	if v.Actor.ID != "" && v.Actor.Party() != bot.Support {
		return nameOf(v, r, v.Actor)
	}
	for _, p := range []bot.Party{bot.Buyer, bot.Seller} {
		if who := v.People[p]; who != nil {
			return nameOf(v, r, who)
		}
	}
	if isGuests(v) {
		return v.Say(r, "Somebody without an account")
	}
	return v.Say(r, "Somebody")
}
