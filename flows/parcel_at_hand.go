package flows

import (
	"slices"
	"strings"

	"nevermind/bot"
)

// An order may come in several parcels, and each is one by itself: it is watched, stands still, comes or does not, and can be
// given back. A talk about goods and a case may be about one of them, which the fact "parcel" names; "all" is a talk about the
// whole order.

// apart says whether the parcels of an order have to be told apart: several have left, or one has while the rest has not.
func apart(o *bot.Order) bool {
	if o == nil || len(o.Parcels) == 0 {
		return false
	}
	return len(o.Sent()) > 1 || o.Stage == bot.PartShipped && len(o.OpenParts()) > 0
}

// parcelOf is the parcel that a talk or a record is about; nil where it is about the order. In a talk the only one that has left
// of several is meant.
func parcelOf(v *bot.View) *bot.Parcel {
	o, id := orderOf(v), v.Fact("parcel")
	if o == nil {
		return nil
	}
	if sent := o.Sent(); id == "" && v.Look != nil && apart(o) && len(sent) == 1 {
		return &sent[0]
	}
	if p, there := o.SentParcel(id); there {
		return &p
	}
	return nil
}

// parcelsAtHand are the parcels that a talk or a record is about: that one, or all that have left, but for those that have a
// case of their own where a watch or letters look after the rest.
func parcelsAtHand(v *bot.View) []bot.Parcel {
	o := orderOf(v)
	if o == nil {
		return nil
	}
	if p := parcelOf(v); p != nil {
		return []bot.Parcel{*p}
	}
	elsewhere := listed(v.Fact("with_case"))
	return slices.DeleteFunc(o.Sent(), func(p bot.Parcel) bool { return slices.Contains(elsewhere, p.ID) && p.ID != "" })
}

// ofSeveral says whether the order at hand comes in several parcels, so that each has to be named.
func ofSeveral(v *bot.View) bool { return v.Order != nil && len(v.Order.Parcels) > 1 }

// listed takes a fact apart that lists ids with commas between.
func listed(fact string) []string {
	if fact == "" {
		return nil
	}
	return strings.Split(fact, ",")
}

// addListed adds ids to such a fact.
func addListed(fact string, ids ...string) string {
	all := listed(fact)
	for _, id := range ids {
		if !slices.Contains(all, id) {
			all = append(all, id)
		}
	}
	return strings.Join(all, ",")
}

// idsOf are the ids of parcels.
func idsOf(parcels []bot.Parcel) (ids []string) {
	for _, p := range parcels {
		ids = append(ids, p.ID)
	}
	return ids
}

// isNews says whether an event about parcels is about one that is at hand; of an order in one parcel it always is.
func isNews(v *bot.View, e *bot.Event) bool { return !ofSeveral(v) || len(newsParcels(v, e)) > 0 }

// newsParcels are the parcels at hand that an event is about, of an order that has several.
func newsParcels(v *bot.View, e *bot.Event) []bot.Parcel {
	told := listed(e.Facts["parcels"])
	return slices.DeleteFunc(parcelsAtHand(v), func(p bot.Parcel) bool { return !slices.Contains(told, p.ID) })
}

// parcelName is how a parcel is called: its carrier and code, and what is in it.
func parcelName(v *bot.View, r *bot.Person, p *bot.Parcel) string {
	code, inside := strings.TrimSpace(bot.Clean(p.Carrier)+" "+bot.Clean(p.Code)), ""
	if o := orderOf(v); o != nil {
		inside = partWords(v, r, o, p.Items)
	}
	if p.Code == "" {
		code = bot.Clean(p.ID)
	}
	if inside == "" {
		return code
	}
	return v.With(bot.Facts{"code": code, "inside": inside}).Say(r, "{code} ({inside})")
}

// withParcel is the view for words about one parcel.
func withParcel(v *bot.View, r *bot.Person, p *bot.Parcel) *bot.View {
	return v.With(bot.Facts{"parcel": parcelName(v, r, p)})
}

// mostBack is the most that can go back here: what can of the order, or of that what the goods of the parcel at hand cost, where
// it is known what is in it.
func mostBack(v *bot.View) bot.Money {
	o := orderOf(v)
	left, p := o.Refundable(), parcelOf(v)
	if p == nil {
		return left
	}
	if back, known := o.RefundOfParcel(p.ID, v.Policy.RefundOrder); known && back.Amount.Less(left) {
		return back.Amount
	}
	return left
}
