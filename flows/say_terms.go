package flows

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"nevermind/bot"
)

// terms are what {names} in words stand for, as the reader should see it.
var terms = map[string]bot.Term{
	"me":     func(v *bot.View, r *bot.Person) string { return myName(v, r) },
	"buyer":  func(v *bot.View, r *bot.Person) string { return partyName(v, r, bot.Buyer) },
	"seller": func(v *bot.View, r *bot.Person) string { return partyName(v, r, bot.Seller) },
	"asker":  func(v *bot.View, r *bot.Person) string { return askerName(v, r) },
	"case":   func(v *bot.View, _ *bot.Person) string { return v.Conv.ID },
	"order":  func(v *bot.View, _ *bot.Person) string { return ofOrder(v, func(o *bot.Order) string { return o.ID }) },
	"item": func(v *bot.View, _ *bot.Person) string {
		return ofOrder(v, func(o *bot.Order) string { return shorten(orderSummary(o), 60) })
	},
	"order_line":  func(v *bot.View, r *bot.Person) string { return v.Say(r, "Order {order}") },
	"order_title": func(v *bot.View, r *bot.Person) string { return orderTitle(v, r) },
	"help_title":  func(v *bot.View, r *bot.Person) string { return v.Say(r, "A question to support") },

	"total": func(v *bot.View, _ *bot.Person) string {
		return ofOrder(v, func(o *bot.Order) string { return o.Total.String() })
	},
	"currency": func(v *bot.View, _ *bot.Person) string {
		return ofOrder(v, func(o *bot.Order) string { return o.Total.Currency })
	},
	"refunded": func(v *bot.View, _ *bot.Person) string {
		return ofOrder(v, func(o *bot.Order) string { return o.Refunded.String() })
	},
	"still_due": func(v *bot.View, r *bot.Person) string {
		if orderOf(v).Refundable().IsZero() {
			return v.Say(r, "Nothing more can come back.")
		}
		return v.Say(r, "At most {refundable} can still come back.")
	},
	"refundable": func(v *bot.View, _ *bot.Person) string {
		return ofOrder(v, func(o *bot.Order) string { return o.Refundable().String() })
	},
	"full":       func(v *bot.View, _ *bot.Person) string { return fullAmount(v).String() },
	"amount":     func(v *bot.View, _ *bot.Person) string { return amountShown(v) },
	"asked":      func(v *bot.View, _ *bot.Person) string { return v.Fact("asked") },
	"offer":      offerWords,
	"offer_note": offerNote,
	"coupon":     couponTerm,
	"back_where": backWhere,
	"sent_how":   sentHow,
	"sent_before": func(v *bot.View, r *bot.Person) string {
		if v.Fact("sent") == "" {
			return ""
		}
		return v.Fact("sent") + v.Say(r, " was sent before. ")
	},
	"method":       func(v *bot.View, r *bot.Person) string { return v.Say(r, methodWords(method(v))) },
	"method_plain": func(v *bot.View, _ *bot.Person) string { return method(v) },

	"lines":       linesTerm,
	"lines_all":   func(v *bot.View, _ *bot.Person) string { return ofOrder(v, allLines) },
	"count_lines": func(v *bot.View, _ *bot.Person) string { return strconv.Itoa(len(openLines(orderOf(v)))) },

	"reason":       func(v *bot.View, r *bot.Person) string { return reasonLabel(v, r) },
	"reason_means": reasonMeans,
	"fault":        faultTerm,
	"note_checked": func(v *bot.View, r *bot.Person) string { return ifNoted(v, r, "• Your note: “{note_text}”\n") },
	"note_quoted":  func(v *bot.View, r *bot.Person) string { return ifNoted(v, r, "\n“{note_text}”") },
	"note_text":    func(v *bot.View, _ *bot.Person) string { return bot.Clean(v.Fact("note")) },

	"before_asking": func(v *bot.View, r *bot.Person) string {
		if o := orderOf(v); o != nil && v.Look != nil && !v.Look.Person(o.Seller).Reachable() {
			return v.Say(r, "Please check before I send your request. {seller} has no chat with me, so our support team and the shop are told instead:")
		}
		return v.Say(r, "Please check before I ask {seller}:")
	},
	"costs":           costsTerm,
	"made_up_of":      madeUpOf,
	"what_follows":    whatFollows,
	"ahead":           forecastTerm,
	"next":            nextDeadlineTerm,
	"evidence_loser":  evidenceLoser,
	"return_lost":     returnLost,
	"code_doubts":     codeDoubts,
	"doubts_line":     doubtsLine,
	"seller_usually":  sellerUsually,
	"measured":        measuredRefundTime,
	"often":           oftenTerm,
	"answer_time":     func(v *bot.View, r *bot.Person) string { return formatWindow(v, r, v.Policy.Windows["seller_answer"]) },
	"on_silence":      onSilence,
	"refund_interval": refundInterval,
	"unpaid_until":    unpaidUntil,
	"ship_by":         shipBy,
	"sent_at":         sentAt,
	"late_word":       func(v *bot.View, r *bot.Person) string { return shopWord(v, r, v.Event.Name) },
	"said_first":      func(v *bot.View, r *bot.Person) string { return shopWord(v, r, v.Event.Facts["said_first"]) },
	"said_now":        func(v *bot.View, r *bot.Person) string { return shopWord(v, r, v.Event.Facts["said_now"]) },
	"unfit":           func(v *bot.View, r *bot.Person) string { return v.Say(r, v.Fact("unfit")) },
	"unfit_length": func(v *bot.View, _ *bot.Person) string {
		return strconv.Itoa(utf8.RuneCountInString(strings.TrimSpace(v.Event.Text)))
	},
	"unfit_limit": func(v *bot.View, _ *bot.Person) string {
		return ofField(v, func(f *bot.Field) string { return strconv.Itoa(fieldLimit(f)) })
	},
	"unfit_currency": func(v *bot.View, _ *bot.Person) string {
		return ofField(v, func(f *bot.Field) string { return f.Max.Currency })
	},
	"unfit_most": func(v *bot.View, _ *bot.Person) string {
		return ofField(v, func(f *bot.Field) string { return f.Max.String() })
	},
	"unfit_example": func(v *bot.View, _ *bot.Person) string {
		return ofField(v, func(f *bot.Field) string { return example(f.Max) })
	},
	"limit":  func(v *bot.View, _ *bot.Person) string { return v.Event.Facts["limit"] },
	"number": func(v *bot.View, _ *bot.Person) string { return bot.Clean(shorten(v.Event.Facts["number"], 40)) },

	"stage": func(v *bot.View, r *bot.Person) string {
		return ofOrder(v, func(o *bot.Order) string { return v.Say(r, orderStageWords[o.Stage]) })
	},
	"shipped_all_the_same": shippedAllTheSame,
	"changed_for_seller":   changedForSeller,
	"stage_now":            stageNow,
	"over":                 stageNow,
	"tracking":             trackingTerm,
	"instead":              insteadTerm,
	"shipping_news":        shippingReport,
	"stands":               func(v *bot.View, r *bot.Person) string { return v.Say(r, recordStateWords[v.Conv.State]) },

	"so_far":          soFar,
	"support_now":     supportNow,
	"at_stake":        atStake,
	"confirms":        confirms,
	"gone":            goneTerm,
	"nothing_owed":    nothingOwed,
	"what_ships":      whatShips,
	"ask_now":         askNow,
	"ask_again":       askAgain,
	"cancelled_since": cancelledSince,
	"open_case":       openCaseTerm,
	"order_unknown":   orderUnknown,
	"sent_to_seller":  sentToSeller,
	"offer_passed_on": offerPassedOn,
	"offer_is_with":   offerIsWith,
	"agreed":          agreedTerm,
	"why_buyer":       func(v *bot.View, r *bot.Person) string { return v.Say(r, supportReason(v)[0]) },
	"why_seller":      func(v *bot.View, r *bot.Person) string { return v.Say(r, supportReason(v)[1]) },
	"why_support":     func(v *bot.View, r *bot.Person) string { return v.Say(r, supportReason(v)[2]) },
	"evidence_of":     func(v *bot.View, r *bot.Person) string { return v.Say(r, v.Fact("evidence_of")) },
	"evidence_buyer":  func(v *bot.View, r *bot.Person) string { return evidenceTerm(v, r, bot.Buyer) },
	"refusal": func(v *bot.View, _ *bot.Person) string {
		if c := refusal(v); c != nil {
			return quoted(c.Facts["grounds"])
		}
		return ""
	},
	"parties":           func(v *bot.View, r *bot.Person) string { return v.Say(r, "{buyer} bought it from {seller}.") },
	"talked":            negotiationSummary,
	"evidence_quoted":   evidenceWanted,
	"evidence_mine":     evidenceMine,
	"kept_said":         supportEvidenceNoted,
	"whole_talk":        conversationTerm,
	"kept_for_sides":    supportEvidenceForSides,
	"proof_noted":       proofNoted,
	"proof_for_support": proofForSupport,
	"files_left_out":    filesLeftOut,
	"files_along":       filesAlong,
	"exhibit_list":      exhibitList,
	"grounds_quoted":    func(v *bot.View, _ *bot.Person) string { return quoted(v.Fact("grounds")) },
	"finding_quoted":    func(v *bot.View, _ *bot.Person) string { return quoted(v.Fact("finding")) },
	"evidence_seller":   func(v *bot.View, r *bot.Person) string { return evidenceTerm(v, r, bot.Seller) },

	"sealed_for_support":     forSupport(sealedWords),
	"not_sealed_for_support": forSupport(notSealed),
	"files_here":             filesHere,
	"files_for_buyer":        filesAdded(bot.Buyer),
	"files_for_seller":       filesAdded(bot.Seller),
	"files_for_support":      filesAdded(bot.Support),
	"files_received":         filesReceived,
	"exhibits":               exhibitsTerm,
	"evidence_answer":        evidenceAnswer,
	"evidence_files":         evidenceFiles,
	"case_order":             caseOrder,

	"letter_fate":        letterFate,
	"letter_for_support": letterForSupport,
	"person_called":      personCalled,
	"about":              aboutTerm,
	"waiting":            waitingTerm,
	"help":               helpTerm,
	"other_side": func(v *bot.View, r *bot.Person) string {
		if v.Actor.Party() == bot.Seller {
			return partyName(v, r, bot.Buyer)
		}
		return partyName(v, r, bot.Seller)
	},
	"odd":              unsupportedTerm,
	"language":         languageTerm,
	"settings":         settingsTerm,
	"last_chat":        lastChat,
	"privacy":          privacy,
	"seller_how":       sellerHow,
	"overview":         overviewTerm,
	"quiet_note":       quietHoursWarning,
	"refund_times":     refundTimes,
	"negotiation_time": func(v *bot.View, r *bot.Person) string { return formatWindow(v, r, v.Policy.Windows["negotiation"]) },
	"whose":            chatLinkOwnerWords,
	"moves":            chatLinkWarning,
	"link_spent":       chatLinkSpent,
	"link_time":        func(v *bot.View, r *bot.Person) string { return formatWindow(v, r, v.Policy.Windows["link"]) },
	"get_link":         getLink,
	"joined":           chatJoinedWords,
	"field":            fieldAsk,
}
