package understand

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// OrderNumber is what may be an order's number. Whether there is such an order, only the order book knows.
type OrderNumber struct {
	Number string // with 0–9 for every digit, "-" for every dash, and no spaces between groups
	Likely bool   // it can hardly be anything else, so that one may say that no such order is known
}

// Bounds of order numbers, in digits or in characters.
const (
	likelyDigits  = 6  // so many make a number likely
	fewestDigits  = 4  // so many do where an order is named before it
	longCode      = 10 // characters of a code, which may have fewer digits: "NAW1GBYU5KAYSY6Y"
	longestNumber = 64
	mostNumbers   = 40 // of one message
)

// Patterns, compiled at their first use: a start needs none of them.
var (
	// numberTokens are digits in groups with one space between, or letters and digits with single signs between.
	numberTokens = compiled(`\b[0-9]{3,8}(?: [0-9]{3,8}){1,5}\b|[0-9A-Za-z]+(?:[-._:][0-9A-Za-z]+)*`)
	// calledNumber says before a number that it is one; its group is the word for an order.
	calledNumber = compiled(`(?i)(?:(\borders?|заказ\pL*|bestell\pL*|pedido|commande|订单|单号|الطلب)[^0-9A-Za-z]{0,3}` +
		`(?:number|no|nr|n[°ºo])?(?: is)?[ .:#]*|#|№ ?|n[°ºo]\.? ?|\bno\. ?|\bnr\.? ?|номер |\bnumber )$`)
	// neverOrders are e-mail addresses and bank accounts.
	neverOrders = compiled(`[\w.+-]+@[\w-]+\.[\w.-]+`,
		`(?i)\biban\b[^0-9a-z]{0,3}(?:is )?[a-z]{2}[0-9]{2}(?: ?[a-z0-9]{4}){2,7}(?: ?[a-z0-9]{1,4})?\b`)
	// otherNumbers are more often something else: dates, times, prices, telephones, postcodes, coupons and tracking codes.
	otherNumbers = compiled(
		`\b(?:19|20)[0-9]{2}[-./][0-9]{1,2}[-./][0-9]{1,2}\b|\b[0-9]{1,2}[-./][0-9]{1,2}[-./](?:19|20)?[0-9]{2}\b`,
		`\b[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?\b`,
		`(?i)(?:[$€£¥₽₹₩]|\b(?:usd|eur|gbp|rub|cny|jpy|sar|aed|brl) ?)[0-9][0-9.,]*`,
		`(?i)\b[0-9][0-9.,]* ?(?:[$€£¥₽₹₩元块]|(?:usd|eur|euros?|gbp|rub|руб|dollars?|reais)\b)`,
		`\+[0-9][0-9() -]{6,18}[0-9]`,
		`(?i)(?:\bphone|\btel\.?|\bmobile|\bwhats ?app|телефон|teléfono|telefone|téléphone|telefon|电话|هاتف)`+
			`[^0-9]{0,12}[0-9][0-9() -]{5,16}[0-9]`,
		`(?i)(?:post ?code|zip(?: code)?|индекс|c[oó]digo postal|code postal|postleitzahl|plz|cep|邮编|الرمز البريدي)`+
			`[^0-9]{0,6}[0-9][0-9 -]{3,9}`,
		`(?i)(?:coupon|promo(?: code)?|voucher|купон|cup[oó]n|cupom|gutschein|优惠券|قسيمة)[: ]+[0-9A-Za-z-]{4,}`,
		`\b[A-Z]{2}[0-9]{9}[A-Z]{2}\b`,
		`(?i)(?:tracking|sendungsnummer|трек-?(?:номер|код)?|rastreio|seguimiento|suivi|运单号?|快递单号)`+
			`[^0-9A-Za-z]{0,12}(?:(?:number|no|code|is) ?)*[0-9A-Za-z-]{8,30}`)
	cardWords = compiled(`(?i)card|visa|master|tarjeta|cart[aã]o|carte|karte|карт|银行卡|信用卡|بطاقة`)

	lookAlikes = strings.NewReplacer("O", "0", "o", "0", "l", "1", "I", "1")
)

func compiled(patterns ...string) func() []*regexp.Regexp {
	return sync.OnceValue(func() (all []*regexp.Regexp) {
		for _, p := range patterns {
			all = append(all, regexp.MustCompile(p))
		}
		return all
	})
}

// OrderNumbers returns what may be numbers of orders: alone or in a sentence, in a pasted link, in groups, with any dash or space
// between them, in the digits of any script; in the order of the text, each once. What looks like another number is among them,
// but not likely; numbers of payment cards and bank accounts are not.
func OrderNumbers(text string) (found []OrderNumber) {
	if text = plainNumbers(text); CountDigits(text) == 0 {
		return nil
	}
	for _, pattern := range neverOrders() {
		text = pattern.ReplaceAllString(text, "\x00")
	}
	var others [][]int
	for _, pattern := range otherNumbers() {
		others = append(others, pattern.FindAllStringIndex(text, -1)...)
	}
	ofCard := cardWords()[0].MatchString(text)
	for _, at := range numberTokens()[0].FindAllStringIndex(text, mostNumbers) {
		token := text[at[0]:at[1]]
		called := calledNumber()[0].FindStringSubmatchIndex(text[max(0, at[0]-40):at[0]])
		ofOrder := called != nil && called[2] >= 0
		if ofCard && !ofOrder && isCardNumber(token) {
			continue
		}
		other := slices.ContainsFunc(others, func(o []int) bool { return o[0] < at[1] && at[0] < o[1] })
		for _, r := range readings(token, called != nil) {
			if !slices.ContainsFunc(found, func(o OrderNumber) bool { return o.Number == r.Number }) {
				found = append(found, OrderNumber{r.Number, r.Likely && (ofOrder || !other)})
			}
		}
	}
	return found
}

// readings are what a token may be as a number: groups together and apart; a word as it is, in capitals, and with digits for
// letters that look like them. A number that has to be mended is not likely.
func readings(token string, called bool) (found []OrderNumber) {
	if parts := strings.Fields(token); len(parts) > 1 {
		found = []OrderNumber{{strings.Join(parts, ""), true}}
		for _, part := range parts {
			if len(part) >= fewestDigits {
				found = append(found, OrderNumber{part, false})
			}
		}
		return found
	}
	digits := CountDigits(token)
	if len(token) > longestNumber || digits == 0 || digits < fewestDigits && len(token) < longCode {
		return nil
	}
	mended := lookAlikes.Replace(token)
	slip := mended != token && CountDigits(mended) == len(strings.ReplaceAll(mended, "-", ""))
	likely := !slip && (digits >= likelyDigits || called && digits >= fewestDigits)
	found = []OrderNumber{{strings.ToUpper(token), likely}, {token, false}}
	if slip {
		found = append(found, OrderNumber{mended, false})
	}
	return found
}

// plainNumbers writes every digit as 0–9, the wide letters of East Asian text as A–Z, every dash as "-" and all white space as
// single blanks.
func plainNumbers(text string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Pd, r), r == '−':
			return '-'
		case r >= '！' && r <= '～':
			return r - '！' + '!'
		}
		return r
	}, Digits(text))), " ")
}

// isCardNumber says whether a number has the length of a payment card's and passes its check sum (Luhn).
func isCardNumber(number string) bool {
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
	digits := CountDigits(number)
	return digits >= 13 && digits <= 19 && sum%10 == 0
}
