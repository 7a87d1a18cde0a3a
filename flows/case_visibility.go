package flows

import "nevermind/bot"

// FactsShown are the facts of a case that both sides may read in its sealed file: what was asked, offered and decided.
var FactsShown = []string{
	"reason", "note", "lines", "asked", "amount", "rejection", "offer_kind", "offer_amount", "offer_note", "offer_by",
	"tracking_code", "carrier", "dispatch", "shop_says", "verdict", "grounds", "cancels", "agreed", "agreed_kind",
	"evidence_of", "proof",
	"problem", "parcel", "story", "way", "claim_kind", "claim_amount", "claim_note", "solution_kind", "solution_amount",
	"solution_note",
	"proposal_kind", "proposal_amount", "proposal_note", "ruling", "ruled_amount", "return_code", "return_carrier",
	"parcel_fault", bot.Through, "appealed", "return_address", "caller", "call_note", "called_for",
}

// bothSides are the parties between whom support decides.
var bothSides = []bot.Party{bot.Buyer, bot.Seller}

// Seen says who may read an entry of a case's journal in its sealed file, besides support, who reads everything: that
// something moved, and what was written or sent along with it. It is what was passed on to them when it happened.
func Seen(e *bot.Entry) (move, words []bot.Party) {
	by := []bot.Party{e.Event.By}
	switch e.Event.Name {
	case "support_noted", "note_added", "note_changed", "note_deleted", "files_asked", "talk_asked",
		"not_delivered", "support_late", "support_reminded":
		return nil, nil
	case "card_asked", "case_file_asked", "person_asked":
		return by, by
	case "support_to_buyer":
		return []bot.Party{bot.Buyer}, []bot.Party{bot.Buyer}
	case "support_to_seller":
		return []bot.Party{bot.Seller}, []bot.Party{bot.Seller}
	case "evidence_kept":
		if e.Event.Facts["kept_seen"] != "both" {
			return nil, nil
		}
		return bothSides, bothSides
	case "file_added", "files_shown", "proof_named", "proof_asked", "phoned", "address_given":
		return bothSides, bothSides
	case "buyer_wrote", "seller_wrote":
		if e.From == "with_support" {
			return by, by
		}
		return bothSides, bothSides
	}
	switch {
	case e.Refused != "", e.From == e.To && e.Event.By == bot.Support:
		return nil, nil
	case e.From == e.To && (e.Event.By == bot.Buyer || e.Event.By == bot.Seller) && (e.Event.Text != "" || len(e.Event.Files) > 0):
		return by, by
	}
	return bothSides, by
}
