package flows

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"nevermind/flows/understand"
)

// quantitySaid is how many of something somebody has named: "2 of the mugs", "only one lamp", "mugs x2".
type quantitySaid struct {
	number int      // 0 where it is only spoken of: "I ordered 5 mugs"
	plain  bool     // it counts pieces whatever stands in a title: "2 of …", "only 2", "cancel 2"
	of     []string // the words that say of what; none, or a pronoun, is what else was spoken of
}

// numberWords are the numbers that people write as words.
var numberWords = map[string]int{
	"one": 1, "single": 1, "two": 2, "both": 2, "couple": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
	"nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "dozen": 12,
	"dos": 2, "ambas": 2, "ambos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8, "nueve": 9, "diez": 10,
	"dois": 2, "duas": 2, "três": 3, "quatro": 4, "sete": 7, "oito": 8, "nove": 9, "dez": 10,
	"deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "sept": 7, "huit": 8, "neuf": 9, "dix": 10,
	"zwei": 2, "beide": 2, "beiden": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6, "sieben": 7, "acht": 8, "neun": 9, "zehn": 10,
	"два": 2, "две": 2, "двух": 2, "обе": 2, "оба": 2, "три": 3, "трёх": 3, "трех": 3, "четыре": 4, "четырёх": 4, "четырех": 4,
	"пять": 5, "пяти": 5, "шесть": 6, "шести": 6, "семь": 7, "восемь": 8, "девять": 9, "десять": 10,
	"اثنين": 2, "اثنتين": 2, "اتنين": 2, "ثلاثة": 3, "ثلاث": 3, "تلاتة": 3, "تلات": 3, "أربعة": 4, "اربعة": 4, "أربع": 4, "اربع": 4,
	"خمسة": 5, "خمس": 5, "ستة": 6, "سبعة": 7, "ثمانية": 8, "تسعة": 9, "عشرة": 10,
}

// articles are numbers only behind a word such as "only" or before one such as "of": "una de las dos", "nur eine".
var articles = wordSet(`un una uno um uma une ein eine einen einer einem eins один одну одна одного واحد واحدة واحده وحدة وحده`)

const monthsAndDays = ` january february march april may june july august september october november december jan feb mar apr jun
	jul aug sep sept oct nov dec monday tuesday wednesday thursday friday saturday sunday `

// Words around numbers. Behind a word of notAfter a number names an order, a line or a place, belongs to a date or a price, or
// says what was bought or is kept; before a word of notBefore it counts time, money, or what is no goods.
var (
	notAfter = wordSet(monthsAndDays + `order orders nr no number size article item line code page case since until by on at in after
		before to from into for than ordered bought got received have has keep keeping need needs want wants wanted but except paid pay
		cost costs this that these those wrong right other another which first last every pedido orden encomenda commande bestellung
		заказ طلب nº n° número numéro nummer номер № pedí compré comprei encargué pedi commandé acheté bestellt gekauft заказал
		заказала купил купила con com avec mit behalte behalten guardar garder оставить оставьте оставляю quedarme
		brauche brauch necesito preciso besoin нужна нужен нужно أحتاج محتاج`)
	notBefore = wordSet(monthsAndDays + "commande" + "s" + ` pedido pedidos orden compra encomenda compras commande achat bestellung
		bestellungen
		auftrag заказ заказа заказов طلب طلبية día días dia dias jour jours tag tage tagen день дня дней يوم أيام semana semanas
		semaine semaines woche wochen неделю недели أسبوع hora horas heure heures stunde stunden час часа часов vez veces vezes fois
		mal раз مرة persona personas pessoa personne mensch human человек day days week weeks month months year years hour
		hours minute minutes min mins pm am percent
		dollar dollars euro euros pound pounds yen cents usd eur gbp jpy kwd chf bucks star stars times people person persons order
		orders parcel parcels package packages request requests case cases reason reasons thing`)
	between = wordSet(`de del las los das der den des les la le l из этих هذه ال من بس فقط of the my these those out piece
		pieces pc pcs unit units more a x ×`)
	clauseEnds = wordSet(`y e et und и но pero mas mais aber nicht no não pas не solo sólo só nur seulement только فقط بس и و
		cancelar cancela stornieren annuler отмените отменить please bitte porfa and or from in on at please because since that
		which but for as with instead i it's they are is was were if
		so order cancel only just not don't , . ; ! ? ( ) & +`)
	setsApart = wordSet(`solo sólo só somente apenas seulement juste nur bloß только лишь the only just exactly all a ×`)
	actsOn    = wordSet(`solo sólo solamente só somente apenas seulement juste nur bloß только лишь فقط بس cancelar cancela cancele
		cancelen anular anula annuler annulez stornieren storniere storniert отменить отмените отмени الغي الغاء إلغاء only
		just cancel cancelling remove drop return minus`)
	stays      = wordSet(`are is were was stay stays can remain remains`)
	ofThem     = wordSet(`of de del des d der von из من`)
	meansAgain = wordSet(`them it those these ones one`)
)

func wordSet(words string) map[string]bool {
	all := map[string]bool{}
	for _, w := range strings.Fields(words) {
		all[w] = true
	}
	return all
}

// spokenWords takes a text apart: numbers with all that clings to them, so that "2.50", "2nd", "#2" and "2/11" are none, words,
// and what ends a clause.
var spokenWords = regexp.MustCompile(`[#$€£¥₹№]?\d[\p{L}\d.,:/%€£$¥'-]*|\p{L}[\p{L}\d'-]*|×|[,.;!?()&+]`)

// mostNouns is how many words are looked at to tell of what a number is.
const mostNouns = 5

// quantitiesSaid finds how many of what somebody names, in the order of the words.
func quantitiesSaid(text string) (all []quantitySaid) {
	words := spokenWords.FindAllString(strings.ToLower(strings.ReplaceAll(understand.Digits(text), "’", "'")), 300)
	for i := 0; i < len(words); i++ {
		number, times := piecesSaid(words[i])
		if articles[words[i]] && (i > 0 && actsOn[words[i-1]] || i+1 < len(words) && (ofThem[words[i+1]] || actsOn[words[i+1]])) {
			number = 1
		}
		if number == 0 {
			continue
		}
		prev := wordBefore(words, i)
		q := quantitySaid{number: number, plain: times || i > 0 && (actsOn[words[i-1]] || words[i-1] == "×")}
		end := q.readNouns(words, i+1)
		if len(q.of) == 0 {
			q.readBefore(words, prev, times || i > 0 && words[i-1] == "×")
		}
		if len(q.of) > 0 && notBefore[q.of[0]] {
			continue
		}
		if prev >= 0 && notAfter[words[prev]] || end < len(words) && stays[words[end]] {
			q.number = 0
		}
		all, i = append(all, q), end-1
	}
	return all
}

// wordBefore is the index of the word that a number stands behind, but for articles and the like; -1 where there is none.
func wordBefore(words []string, i int) int {
	for i--; i >= 0 && setsApart[words[i]]; i-- {
	}
	if i > 0 && words[i] == "." && (words[i-1] == "no" || words[i-1] == "nr") {
		i--
	}
	return i
}

// piecesSaid is the number of pieces that a word stands for, 0 where it is none, and whether it says "times": "2x", "x2".
func piecesSaid(word string) (n int, times bool) {
	if n, ok := numberWords[word]; ok {
		return n, false
	}
	digits, before := strings.CutPrefix(strings.TrimRight(word, ".,:/'-"), "x")
	digits, behind := strings.CutSuffix(digits, "x")
	if n, _ = strconv.Atoi(digits); n < 1 || len(digits) > 3 {
		return 0, false
	}
	return n, before || behind
}

// readNouns reads the words behind a number that say of what it is, and returns where they end. "2 of the 5 mugs" is one
// number of pieces.
func (q *quantitySaid) readNouns(words []string, at int) int {
	for ; at < len(words); at++ {
		n, _ := piecesSaid(words[at])
		if !between[words[at]] && (n == 0 || !q.plain) {
			break
		}
		q.plain = q.plain || ofThem[words[at]] || words[at] == "x" || words[at] == "×"
	}
	for ; at < len(words) && isWord(words[at]) && !clauseEnds[words[at]] && len(q.of) < mostNouns; at++ {
		if n, _ := piecesSaid(words[at]); n > 0 && words[at] != "one" {
			break
		}
		q.of = append(q.of, words[at])
	}
	return at
}

// readBefore reads the words before "x2" that say of what it is.
func (q *quantitySaid) readBefore(words []string, at int, times bool) {
	for ; times && at >= 0 && isWord(words[at]) && !clauseEnds[words[at]] && len(q.of) < mostNouns; at-- {
		q.of = append(q.of, words[at])
	}
}

// isWord says whether a word of a text is one, rather than a number or a mark.
func isWord(word string) bool {
	r, _ := utf8.DecodeRuneInString(word)
	return unicode.IsLetter(r)
}

// sameNoun says whether two words are the same, one of them or both in the plural.
func sameNoun(a, b string) bool {
	return a == b || isPlural(a, b) || isPlural(b, a) || understand.SameThing(a, b)
}

func isPlural(many, one string) bool {
	stem := func(end, instead string) bool {
		s, cut := strings.CutSuffix(many, end)
		return cut && s+instead == one && len(s) > 1
	}
	return stem("s", "") || stem("es", "") || stem("'s", "") || stem("ies", "y") || stem("ves", "f") || stem("ves", "fe")
}
