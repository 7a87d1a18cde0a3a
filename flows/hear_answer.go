package flows

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"nevermind/bot"
	"nevermind/flows/understand"
)

// sellersAnswer is what a seller says to a request.
type sellersAnswer string

const (
	agrees  sellersAnswer = "agrees"
	refuses sellersAnswer = "refuses"
	hasGone sellersAnswer = "has gone"
	offers  sellersAnswer = "offers"
)

// answerButtons are the buttons that give an answer; of these the first that is on offer counts.
var answerButtons = map[sellersAnswer][]string{
	agrees:  {"seller_accepted", "offer_taken", "solution_taken"},
	refuses: {"seller_rejected", "offer_declined", "claim_refused"},
	hasGone: {"seller_shipped"},
	offers:  {"seller_offered", "solution_offered"},
}

// longestAnswer is how many characters are read as an answer; a longer message is more than that.
const longestAnswer = 200

// hearAnswer hears a seller's answer to the one request that waits for it, in words of any of the languages, as the button that
// gives it; of several requests it is asked which, unless a number says so.
func hearAnswer(v *bot.View, m *bot.Message) (bot.Event, bool) {
	if v.Look == nil || v.Actor.Party() != bot.Seller || len(m.Files) > 0 || utf8.RuneCountInString(m.Text) > longestAnswer {
		return bot.Event{}, false
	}
	text, number := withoutOrder(v, understand.Digits(m.Text))
	said := answerSaid(text, v.Actor.Language)
	c, o, several := buttonMeant(v, answerButtons[said], func(c *bot.Conversation) bool { return number == "" || c.Order == number })
	switch {
	case said == "":
		return bot.Event{}, false
	case several:
		return bot.Event{Name: "cases_asked"}, true
	case o == nil:
		return bot.Event{}, false
	}
	return askButton(v, &c, o, offerGiven(text)), true
}

// withoutOrder takes the number of an order of theirs out of a text.
func withoutOrder(v *bot.View, text string) (rest, number string) {
	for _, n := range understand.OrderNumbers(text) {
		if _, ok := v.Look.OrderByID(n.Number); ok {
			return strings.ReplaceAll(text, n.Number, " "), n.Number
		}
	}
	return text, ""
}

// answerSaid is the answer in a seller's words; none where they ask, or say something else.
func answerSaid(text, language string) sellersAnswer {
	plain := plainWords(text)
	said := func(names ...string) bool {
		freely, _ := understand.Said(text, language, names...)
		return freely
	}
	_, denied := understand.Said(text, language, "agree", "cancel")
	switch {
	case strings.ContainsAny(text, "?？؟"), understand.Mentions(text, language, "what", "where", "when", "howlong", "show"):
		return ""
	case offersMoney(text, language):
		return offers
	case said("gone") && !understand.Mentions(text, language, "late", "wait"):
		return hasGone
	case denied, said("refuse"), said("cannot"), noPhrases[strings.ReplaceAll(plain, " ", "")]:
		return refuses
	case said("agree"), said("cancel"), only(plain, yesWords, politeYes), yesPhrases[strings.ReplaceAll(plain, " ", "")]:
		return agrees
	case noWords[strings.Split(plain, " ")[0]]:
		return refuses
	}
	return ""
}

// percentSaid and zheSaid are how a part of the price is said in hundredths; the Chinese say what is left of ten, 九折.
var (
	percentSaid = regexp.MustCompile(`(\d{1,2})(?:[.,](\d))? ?(?:%|٪|％|percent|per cent|prozent|pour ?cent|por ?cient|por ?cento|` +
		`процент|بالمئة|بالمية|بالمائة|في المئة|في المية)`)
	zheSaid = regexp.MustCompile(`(\d)(\d)? ?折`)
	offSaid = regexp.MustCompile(`(?i)\boff\b|折`)
)

// tenthsOfPercent is the part of the price that is named, in thousandths; 0 where none is.
func tenthsOfPercent(text string) int {
	text = strings.ToLower(text)
	if found := percentSaid.FindStringSubmatch(text); found != nil {
		whole, _ := strconv.Atoi(found[1])
		return 10*whole + intOrZero(found[2])
	}
	for n, digit := range []string{"零", "一", "二", "三", "四", "五", "六", "七", "八", "九"} {
		text = strings.ReplaceAll(text, digit, strconv.Itoa(n))
	}
	if found := zheSaid.FindStringSubmatch(text); found != nil {
		return 1000 - 100*intOrZero(found[1]) - 10*intOrZero(found[2])
	}
	return 0
}

// moneyOff says whether a number is meant as money off the price, by words that the lexicon does not have.
func moneyOff(text string) bool { return offSaid.MatchString(text) }

// offersMoney says whether words name an amount as an offer: a part of the price, an amount with its currency, or a number with
// a word for a discount.
func offersMoney(text, language string) bool {
	_, named := bot.MoneyIn(text, "")
	return named || tenthsOfPercent(text) > 0 || understand.CountDigits(text) > 0 &&
		(moneyOff(text) || understand.Mentions(text, language, "coupon", "offer"))
}

// offerGiven answers the questions of an offer as far as words do: how much, and what becomes of the order.
func offerGiven(text string) givenFacts {
	return func(about *bot.View, fields []bot.Field) bot.Facts {
		facts := bot.Facts{}
		mentions := func(names ...string) bool { return understand.Mentions(text, about.Actor.Language, names...) }
		for i := range fields {
			f := &fields[i]
			switch {
			case f.Kind == bot.Amount:
				facts[f.Name] = amountGiven(about, f, text)
			case f.Name != "offer_kind":
			case mentions("fee"):
				facts[f.Name] = "costs"
			case mentions("coupon") || moneyOff(text):
				facts[f.Name] = "discount"
			}
		}
		return facts
	}
}

// amountGiven is the amount in words, where a field can take it: as it stands, or the part of what was asked for.
func amountGiven(about *bot.View, f *bot.Field, text string) string {
	if part := tenthsOfPercent(text); part > 0 {
		asked := amountOf(about, "asked")
		text = bot.Money{Minor: asked.Minor * int64(part) / 1000, Currency: asked.Currency}.String()
	}
	value, unfit := fitAmount(f, text)
	if unfit != "" {
		return ""
	}
	return value
}
