package flows

import "nevermind/bot"

// sayTerms are what {names} stand for in any words: who reads, the order, its lines and money.
var sayTerms = map[string]bot.Term{
	"me":     func(v *bot.View, r *bot.Person) string { return myName(v, r) },
	"buyer":  func(v *bot.View, r *bot.Person) string { return partyName(v, r, bot.Buyer) },
	"seller": func(v *bot.View, r *bot.Person) string { return partyName(v, r, bot.Seller) },
	"asker":  func(v *bot.View, r *bot.Person) string { return askerName(v, r) },
	"case":   func(v *bot.View, _ *bot.Person) string { return v.Conv.ID },
	"order":  func(v *bot.View, _ *bot.Person) string { return ofOrder(v, func(o *bot.Order) string { return o.ID }) },
	"item": func(v *bot.View, r *bot.Person) string {
		return ofOrder(v, func(o *bot.Order) string {
			if p := parcelOf(v); p != nil && v.Fact("parcel") != "" {
				return withParcel(v, r, p).Say(r, "parcel {parcel}")
			}
			return bot.Shorten(orderSummary(o), 60)
		})
	},
	"order_line":  func(v *bot.View, r *bot.Person) string { return v.Say(r, "Order {order}") },
	"order_title": func(v *bot.View, r *bot.Person) string { return orderTitle(v, r) },
	"total": func(v *bot.View, _ *bot.Person) string {
		return ofOrder(v, func(o *bot.Order) string { return o.Total.String() })
	},
	"currency": func(v *bot.View, _ *bot.Person) string {
		return ofOrder(v, func(o *bot.Order) string { return o.Total.Currency })
	},
	"refundable": func(v *bot.View, _ *bot.Person) string {
		return ofOrder(v, func(*bot.Order) string { return mostBack(v).String() })
	},
	"amount":       func(v *bot.View, _ *bot.Person) string { return amountShown(v) },
	"asked":        func(v *bot.View, _ *bot.Person) string { return v.Fact("asked") },
	"method":       backTo,
	"method_plain": func(v *bot.View, r *bot.Person) string { return v.Say(r, methodPlain(method(v))) },
	"lines":        linesTerm,
	"lines_all": func(v *bot.View, r *bot.Person) string {
		return ofOrder(v, func(o *bot.Order) string { return allLines(v, r, o) })
	},
	"reason":            func(v *bot.View, r *bot.Person) string { return reasonLabel(v, r) },
	"reason_means":      reasonMeans,
	"fault":             faultTerm,
	"note_checked":      func(v *bot.View, r *bot.Person) string { return ifNoted(v, r, "• Your note: “{note_text}”") },
	"note_quoted":       func(v *bot.View, r *bot.Person) string { return noteQuoted(v, r) },
	"note_text":         func(v *bot.View, _ *bot.Person) string { return bot.Clean(v.Fact("note")) },
	"refund_interval":   refundInterval,
	"refund_by":         func(v *bot.View, r *bot.Person) string { return formatDay(v, r, refundBy(v)) },
	"refund_half":       func(v *bot.View, r *bot.Person) string { return formatDay(v, r, refundHalf(v)) },
	"refund_send_time":  func(v *bot.View, r *bot.Person) string { return formatWindow(v, r, v.Policy.Windows["refund_send"]) },
	"money_by":          func(v *bot.View, r *bot.Person) string { return formatDay(v, r, moneyBy(v)) },
	"refund_on_its_way": onItsWayWords,
	"unpaid_until":      unpaidUntil,
	"ship_by":           shipBy,
	"sent_at":           sentAt,
	"stage": func(v *bot.View, r *bot.Person) string {
		return ofOrder(v, func(o *bot.Order) string { return v.Say(r, orderStageWords[o.Stage]) })
	},
	"stands":   func(v *bot.View, r *bot.Person) string { return v.Say(r, recordStateWords[v.Conv.State]) },
	"waiting":  waitingTerm,
	"greeting": greetingTerm,
	"odd":      unsupportedTerm,
}
