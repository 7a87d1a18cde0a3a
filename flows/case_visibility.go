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

// FactWords are how people call them in English, for the file's page in other languages.
var FactWords = map[string]string{
	"reason":          "Reason",
	"note":            "Note",
	"lines":           "Items",
	"asked":           "Asked for",
	"amount":          "Amount",
	"rejection":       "Why not",
	"offer_kind":      "Kind of offer",
	"offer_amount":    "Amount offered",
	"offer_note":      "Note to the offer",
	"offer_by":        "Offered by",
	"tracking_code":   "Tracking code",
	"carrier":         "Carrier",
	"dispatch":        "Handed over",
	"shop_says":       "The shop says",
	"verdict":         "Decision",
	"grounds":         "Reasons for the decision",
	"cancels":         "The order is cancelled",
	"agreed":          "What was agreed",
	"agreed_kind":     "Kind of agreement",
	"evidence_of":     "Brought by",
	"proof":           "Proof",
	"problem":         "Problem",
	"parcel":          "Parcel",
	"story":           "What happened",
	"way":             "What is wanted",
	"claim_kind":      "Kind of claim",
	"claim_amount":    "Amount claimed",
	"claim_note":      "Note to the claim",
	"solution_kind":   "Kind of solution",
	"solution_amount": "Amount of the solution",
	"solution_note":   "Note to the solution",
	"proposal_kind":   "Kind of proposal",
	"proposal_amount": "Amount proposed",
	"proposal_note":   "Note to the proposal",
	"ruling":          "Ruling",
	"ruled_amount":    "Amount decided",
	"return_code":     "Tracking code of the return",
	"return_carrier":  "Carrier of the return",
	"parcel_fault":    "What is wrong with the parcel",
	"appealed":        "Asked for another look",
	"return_address":  "Address for the return",
	"caller":          "Who phoned",
	"call_note":       "What was said on the phone",
	"called_for":      "Phoned on behalf of",
	bot.Through:       "Came through",
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
	case "phoned":
		if e.Learned["phone_held"] != "" { // it waits for a second person, and may come to nothing
			return nil, nil
		}
		return bothSides, bothSides
	case "file_added", "files_shown", "proof_named", "proof_asked", "address_given":
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
