package flows

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// orderNumber is what may be an order's number; whether there is such an order only its book can say.
type orderNumber struct {
	number string // as shops write it: 0–9, A–Z, "-" for every dash, nothing for spaces between groups
	likely bool   // it can hardly be anything else, so that one may say that no such order is known
}

// How long numbers are: one that is likely has so many digits, or fewer where it is called a number or an order.
const (
	likelyDigits, calledDigits, fewestDigits = 6, 4, 4
	longCode                                 = 10 // letters and digits: a code, however few of them are digits
	longestNumber, mostNumbers               = 64, 40
)

// noOrderNumbers are what looks like a number of an order and is something else: it is taken out first.
var noOrderNumbers = compiled(
	`[\w.+-]+@[\w-]+\.[\w.-]+`,                                                             // an e-mail address
	`\b[A-Z]{2}[0-9]{2} ?(?:[A-Z0-9]{4} ?){2,7}[A-Z0-9]{1,4}\b`,                            // an IBAN
	`\+[0-9][0-9() -]{6,18}[0-9]`,                                                          // a telephone
	`\b[A-Z]{2}[0-9]{9}[A-Z]{2}\b`,                                                         // a postal tracking code
	`\b(?:19|20)[0-9]{2}[-./][0-9]{1,2}[-./][0-9]{1,2}\b`,                                  // a date
	`\b[0-9]{1,2}[-./][0-9]{1,2}[-./](?:19|20)?[0-9]{2}\b`,                                 // a date
	`\b[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?\b`,                                                // a time
	`(?i)(?:[$€£¥₽₹₩]|\b(?:usd|eur|gbp|rub|cny|jpy|sar|aed|brl) ?)[0-9][0-9.,]*`,           // a price
	`(?i)\b[0-9][0-9.,]* ?(?:[$€£¥₽₹₩元块]|(?:usd|eur|euros?|gbp|rub|руб|dollars?|reais)\b)`, // a price
	`(?i)(?:\bphone|\btel\.?|\bmobile|\bwhats ?app|телефон|teléfono|telefone|téléphone|telefon|电话|هاتف)`+
		`[^0-9]{0,12}[0-9][0-9() -]{5,16}[0-9]`,
	`(?i)(?:post ?code|zip(?: code)?|индекс|c[oó]digo postal|code postal|postleitzahl|plz|cep|邮编|الرمز البريدي)`+
		`[^0-9]{0,6}[0-9][0-9 -]{3,9}`,
	`(?i)(?:coupon|promo(?: code)?|voucher|купон|cup[oó]n|cupom|gutschein|优惠券|قسيمة)[: ]+[0-9A-Za-z-]{4,}`,
	`(?i)(?:tracking|sendungsnummer|трек-?(?:номер|код)?|rastreio|seguimiento|suivi|运单号?|快递单号)[^0-9A-Za-z]{0,12}`+
		`(?:(?:number|no|code|is) ?)*[0-9A-Za-z][0-9A-Za-z -]{7,30}`,
)

// Patterns of numbers.
var (
	// Digits in groups of three and more with one space between: together they may be one number.
	digitGroups = compiled(`\b[0-9]{3,8}(?: [0-9]{3,8}){1,5}\b`)
	// Letters and digits with single signs between, as in "PO-211-0234".
	numberTokens = compiled(`[0-9A-Za-z]+(?:[-._:][0-9A-Za-z]+)*`)
	// What says that a number follows.
	calledNumber = compiled(`(?i)(?:#|№ ?|n[°ºo]\.? ?|\bno\. ?|\bnr\.? ?|номер |\bnumber |\borders? |заказ\pL* |` +
		`bestell\pL* |pedido |commande |订单号?|单号是?|الطلب )$`)
	// The length and the groups of payment cards, and what speaks of one.
	cardDigits = compiled(`\b[3-6][0-9]{3}(?:[ -]?[0-9]{4}){2}[ -]?[0-9]{1,7}\b`)
	cardWords  = compiled(`(?i)card|visa|master|tarjeta|cart[aã]o|carte|karte|карт|银行卡|信用卡|بطاقة`)

	lookAlikes = strings.NewReplacer("O", "0", "o", "0", "l", "1", "I", "1")
)

// compiled are patterns that are compiled when they are used first: a start needs none of them.
func compiled(patterns ...string) func() []*regexp.Regexp {
	return sync.OnceValue(func() (all []*regexp.Regexp) {
		for _, p := range patterns {
			all = append(all, regexp.MustCompile(p))
		}
		return all
	})
}

// orderNumbers returns what may be numbers of orders: alone or in a sentence, in a pasted link, in groups, with any dash or space
// between them, in the digits of any script; in the order of the text and each once, those that are likely first.
func orderNumbers(text string) []orderNumber {
	if text = plainDigits(text); countDigits(text) == 0 {
		return nil
	}
	for _, card := range cardNumbers(text) {
		text = strings.Replace(text, card, "\x00", 1)
	}
	for _, other := range noOrderNumbers() {
		text = other.ReplaceAllString(text, "\x00")
	}
	var found []orderNumber
	add := func(number string, likely bool) {
		if len(number) <= longestNumber && len(found) < mostNumbers &&
			!slices.ContainsFunc(found, func(c orderNumber) bool { return c.number == number }) {
			found = append(found, orderNumber{number, likely})
		}
	}
	text = digitGroups()[0].ReplaceAllStringFunc(text, func(run string) string {
		if whole := strings.ReplaceAll(run, " ", ""); len(whole) >= 9 && len(whole) <= 24 {
			return whole
		}
		return run
	})
	for _, at := range numberTokens()[0].FindAllStringIndex(text, -1) {
		word := text[at[0]:at[1]]
		before := text[max(0, at[0]-24):at[0]]
		for _, c := range readings(word, calledNumber()[0].MatchString(before)) {
			add(c.number, c.likely)
		}
	}
	slices.SortStableFunc(found, func(a, b orderNumber) int {
		switch {
		case a.likely == b.likely:
			return 0
		case a.likely:
			return -1
		}
		return 1
	})
	return found
}

// readings are what a word may be as a number: as it is, in capitals, and with letters for digits that look like them.
func readings(word string, called bool) (found []orderNumber) {
	n := countDigits(word)
	if n > 0 && n < fewestDigits && len(word) >= longCode { // such as "NAW1GBYU5KAYSY6Y"
		return []orderNumber{{strings.ToUpper(word), false}}
	}
	if n < fewestDigits {
		return nil
	}
	letters := strings.TrimFunc(word, func(r rune) bool { return !unicode.IsLetter(r) })
	upper := strings.ToUpper(word)
	inside := strings.IndexFunc(letters, unicode.IsDigit) >= 0 || strings.ContainsAny(word[1:max(1, len(word)-1)], "OolI")
	repaired := lookAlikes.Replace(word)
	if all := countDigits(repaired) == len(strings.ReplaceAll(repaired, "-", "")); all && inside && repaired != word {
		return []orderNumber{{repaired, false}}
	}
	likely := n >= likelyDigits || called && n >= calledDigits
	found = append(found, orderNumber{upper, likely})
	if word != upper {
		found = append(found, orderNumber{word, false})
	}
	return found
}

// plainDigits writes every digit as 0–9, every dash as "-" and every white space as one blank, and drops what cannot be seen.
func plainDigits(text string) string {
	blank := false
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Cf, r):
			return -1
		case unicode.IsSpace(r):
			if blank {
				return -1
			}
			blank = true
			return ' '
		}
		blank = false
		switch {
		case unicode.Is(unicode.Pd, r), r == '−', r == '‐', r == '‑':
			return '-'
		case r >= '！' && r <= '～': // the wide forms of ASCII
			return r - '！' + '!'
		case unicode.Is(unicode.Nd, r):
			return '0' + digitOf(r)
		}
		return r
	}, text)
}

// digitOf is the value of a decimal digit of any script: they stand in tens that begin with zero.
func digitOf(r rune) rune {
	zero := r
	for n := 0; n < 9 && unicode.Is(unicode.Nd, zero-1); n++ {
		zero--
	}
	if r < 0x1D7CE || r > 0x1D7FF { // mathematical digits are the only tens without a gap before them
		return r - zero
	}
	return (r - 0x1D7CE) % 10
}

// cardNumbers are the numbers of payment cards: of a card's length, adding up by Luhn's sum, and spoken of as a card.
func cardNumbers(text string) (found []string) {
	if !cardWords()[0].MatchString(text) {
		return nil
	}
	for _, n := range cardDigits()[0].FindAllString(text, -1) {
		if luhn(n) {
			found = append(found, n)
		}
	}
	return found
}

// luhn says whether the digits add up as those of payment cards do.
func luhn(number string) bool {
	sum, double := 0, false
	for i := len(number) - 1; i >= 0; i-- {
		if number[i] < '0' || number[i] > '9' {
			continue
		}
		d := int(number[i] - '0')
		if double {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum, double = sum+d, !double
	}
	return sum%10 == 0
}
