package flows

import (
	"regexp"
	"slices"
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
	mentions := func(names ...string) bool { return understand.Mentions(text, language, names...) }
	said := func(names ...string) bool {
		freely, _ := understand.Said(text, language, names...)
		return freely
	}
	_, denied := understand.Said(text, language, "agree", "cancel")
	_, staysHere := understand.Said(text, language, "gone")
	asks := asksBack(text) || mentions("what", "where", "when", "howlong", "show")
	easy := hasPhrase(plain, easyPhrases)
	switch {
	case offersMoney(text, language) && (!asksBack(text) || mentions("coupon", "offer", "keep")):
		return offers
	case asksBack(text):
		return ""
	case !asks && mentions("gone") && !staysHere && !mentions("late", "wait", "if", "said"), hasPhrase(plain, gonePhrases):
		return hasGone
	case said("cannot", "refuse"), saysNo(text), hasPhrase(plain, refusalPhrases), denied && !asks && !easy:
		return refuses
	case easy, !asks && (said("agree", "cancel", "cancelled") || saysYes(text)):
		return agrees
	case !asks && noWords[strings.Split(plain, " ")[0]]:
		return refuses
	}
	return ""
}

// asksBack says whether words are a question.
func asksBack(text string) bool { return strings.ContainsAny(text, "?？؟") }

// Phrases that give an answer without a word for it. They stand as whole words; Chinese ones anywhere.
var (
	easyPhrases = strings.Split("no problem|no worries|sin problema|no pasa nada|no hay problema|ningún problema|"+
		"sem problema|tranquilo|tranquila|pas de souci|pas de problème|aucun problème|aucun souci|kein problem|"+
		"kein thema|alles klar|без проблем|нет проблем|не вопрос|没问题|没事|ولا يهمك|ما في مشكلة|مافي مشكلة|مفيش مشكلة|لا مشكلة|"+
		"من عيوني|حاضر|je rembourse|devuelvo el dinero|马上给您退款|马上退款", "|")
	refusalPhrases = strings.Split("no can do|made to order|custom made|no se va a poder|a medida|não vai dar|não tem como|"+
		"sob medida|sob encomenda|pas possible|va pas être possible|sur mesure|sur-mesure|geht leider nicht|geht leider nicht mehr|"+
		"geht nicht mehr|wird nichts|maßanfertigung|sonderanfertigung|не получится|не выйдет|невозможна|невозможен|под заказ|"+
		"на заказ|取消不了|退不了|没法取消|定制|مش هينفع|ما ينفع|مو ممكن|تفصيل", "|")
	gonePhrases = strings.Split("to the post office|al correo esta|lo llevé al correo|à la poste|zur post gebracht|auf dem weg|"+
		"отнесла на почту|отнёс на почту|отнес на почту|送到快递|سلمته للمندوب|سلمتها للمندوب", "|")
)

// hasPhrase says whether plain words have one of some phrases in them.
func hasPhrase(plain string, phrases []string) bool {
	spaced, unspaced := " "+plain+" ", strings.ReplaceAll(plain, " ", "")
	return slices.ContainsFunc(phrases, func(p string) bool {
		whole := strings.Contains(spaced, " "+p+" ") || strings.Contains(spaced, " "+p+"s ")
		return whole || isHan(p) && strings.Contains(unspaced, p)
	})
}

// mostInShort is how many words a clause has at most that is a yes or a no with something polite around it.
const mostInShort = 4

// shortClauses are the clauses of a text that have few words, each plain; only the first two say what the answer is.
func shortClauses(text string) (all []string) {
	for i, clause := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(",.;!:،؛，。；！：、\n", r) }) {
		plain := plainWords(clause)
		if i < 2 && plain != "" && len(strings.Fields(plain)) <= mostInShort {
			all = append(all, plain)
		}
	}
	return all
}

// saysNo says whether words begin with a no: alone, or behind something polite as in "lo siento pero no".
func saysNo(text string) bool {
	return slices.ContainsFunc(shortClauses(text), func(clause string) bool {
		words := strings.Fields(clause)
		unspaced := strings.ReplaceAll(clause, " ", "")
		return noWords[words[len(words)-1]] || noPhrases[unspaced] && unspaced != "算了" // "never mind, cancel it then"
	}) || noPhrases[strings.ReplaceAll(plainWords(text), " ", "")]
}

// saysYes says whether words begin with a yes: alone, or with something polite behind it as in "ok pour moi". Spanish "si" is one
// only alone.
func saysYes(text string) bool {
	if plain := plainWords(text); only(plain, yesWords, politeYes) || yesPhrases[strings.ReplaceAll(plain, " ", "")] {
		return true
	}
	for _, clause := range shortClauses(text)[:min(1, len(shortClauses(text)))] {
		words := strings.Fields(clause)
		bare := strings.TrimRight(strings.ReplaceAll(clause, " ", ""), "亲哦哈的呢啊")
		if yesWords[words[0]] && (words[0] != "si" || len(words) == 1) || yesPhrases[bare] || yesPhrases[bare+"的"] {
			return true
		}
	}
	return false
}

// percentSaid and zheSaid are how a part of the price is said in hundredths; the Chinese say what is left of ten, 九折.
var (
	percentSaid = regexp.MustCompile(`(\d{1,2})(?:[.,](\d))? ?(?:%|٪|％|percent|per cent|prozent|pour ?cent|por ?cient|por ?cento|` +
		`процент|بالمئة|بالمية|بالمائة|في المئة|في المية)`)
	zheSaid = regexp.MustCompile(`(\d)(\d)? ?折`)
	offSaid = regexp.MustCompile(`(?i)\boff\b|折|优惠|便宜|让利|remise|rabais|ristourne|rebaja|abatimento|nachlass|nachlassen|` +
		`скину|уступлю|[أا]خصم|بخصم`)
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
