package bot

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
)

// signs are what people write for a currency beside its code, in capitals; another one's sign is not read as it.
var signs = map[string][]string{
	"USD": {"US$", "U$S", "$", "DOLLARS", "DOLLAR", "BUCKS", "DÓLARES", "DOLARES", "DÓLAR", "ДОЛЛАРОВ", "ДОЛЛАРА", "ДОЛЛАР", "美元",
		"美金", "دولار"},
	"EUR": {"€", "EUROS", "EURO", "ЕВРО", "欧元", "يورو"}, "GBP": {"£", "POUNDS", "POUND", "QUID", "LIBRAS", "PFUND", "英镑"},
	"CAD": {"CA$", "C$", "$"}, "AUD": {"AU$", "A$", "$"}, "NZD": {"NZ$", "$"}, "SGD": {"S$", "$"}, "HKD": {"HK$", "$"},
	"TWD": {"NT$", "$"}, "MXN": {"MX$", "$", "PESOS"}, "CLP": {"CLP$", "$", "PESOS"}, "COP": {"COL$", "$", "PESOS"},
	"ARS": {"AR$", "$", "PESOS"}, "BRL": {"R$", "REAIS", "REAL"}, "JPY": {"JP¥", "¥", "円", "YEN", "日元"},
	"CNY": {"CN¥", "¥", "元", "YUAN", "RMB", "人民币"}, "KRW": {"₩", "원"}, "INR": {"₹", "RS.", "RS", "RUPEES"},
	"RUB": {"₽", "РУБЛЕЙ", "РУБЛЯ", "РУБЛЬ", "РУБ.", "РУБ", "Р.", "Р"}, "UAH": {"₴"}, "TRY": {"₺", "TL"}, "PLN": {"ZŁ"},
	"CZK": {"KČ"}, "ILS": {"₪"}, "VND": {"₫", "Đ"}, "THB": {"฿"}, "PHP": {"₱"}, "NGN": {"₦"}, "KZT": {"₸"},
	"CHF": {"FR.", "SFR.", "FRANKEN"}, "SEK": {"KR"}, "NOK": {"KR"}, "DKK": {"KR.", "KR"}, "KWD": {"KD", "د.ك", "دينار"},
	"BHD": {"BD", "دينار"}, "JOD": {"JD", "دينار"}, "TND": {"DT", "دينار"}, "SAR": {"ريال"}, "AED": {"درهم"}, "MAD": {"درهم"},
	"EGP": {"جنيه"},
}

// anyCurrency are words that name none, but say that it is money: whichever is spoken of.
var anyCurrency = []string{"块钱", "块"}

// plainMarks writes the separators that people use as one of "." "," "'" and " "; "٫" and "٬" stay what they are.
var plainMarks = strings.NewReplacer("．", ".", "，", ",", "、", ",", "’", "'", "‘", "'", "ʼ", "'", "＇", "'", "`", "'",
	"\u00a0", " ", "\u202f", " ", "\u2009", " ", "\u2007", " ", "\u3000", " ", "￥", "¥", "＄", "$", "￡", "£", "￦", "₩")

// ReadMoneyAs reads an amount as people write it, with or without the sign or the code of the currency: "$1,250.50",
// "1 250,50", "US$ 12.50", "17,000". It returns every amount that this can mean, the smallest first: one, mostly; none
// where it cannot be read; two where a mark may part thousands or decimals, as in "1,250" of KWD. What ParseMoney reads
// has that one meaning.
func ReadMoneyAs(text, currency string) (all []Money) {
	number := bareNumber(text, currency)
	if m, err := ParseMoney(number, currency); err == nil {
		return []Money{m}
	}
	for _, plain := range readings(number) {
		if m, err := ParseMoney(plain, currency); err == nil && !slices.Contains(all, m) {
			all = append(all, m)
		}
	}
	slices.SortFunc(all, func(a, b Money) int { return cmp.Compare(a.Minor, b.Minor) })
	return all
}

// readings are the decimal strings that a number can stand for: without decimals, or with them after a mark that occurs
// once.
func readings(number string) (all []string) {
	if whole, ok := ungroup(number); ok {
		all = append(all, whole)
	}
	for _, mark := range []string{".", ",", "٫"} {
		whole, fraction, cut := strings.Cut(number, mark)
		if !cut || fraction == "" || !allDigits(fraction) {
			continue
		}
		if whole == "" {
			whole = "0"
		}
		if whole, ok := ungroup(whole); ok && !strings.Contains(whole, mark) {
			all = append(all, whole+"."+fraction)
		}
	}
	return all
}

// ungroup writes a whole number without the marks between its groups: all the same mark, and groups of three digits, or of
// two before the last three as in India.
func ungroup(number string) (string, bool) {
	if number != "" && allDigits(number) {
		return number, true
	}
	for _, mark := range []string{".", ",", "'", " ", "٬"} {
		groups := strings.Split(number, mark)
		last := len(groups) - 1
		if last == 0 || len(groups[last]) != 3 || !allDigits(strings.Join(groups, "")) || groups[0] == "" || groups[0][0] == '0' {
			continue
		}
		between := len(groups[max(1, last-1)])
		for _, g := range groups[1:last] {
			if len(g) != between {
				return "", false
			}
		}
		western := len(groups[0]) <= 3 && (last == 1 || between == 3)
		indian := mark == "," && len(groups[0]) <= 2 && between == 2
		if western || indian {
			return strings.Join(groups, ""), true
		}
	}
	return "", false
}

// bareNumber is what is left of an amount without the currency: digits of ASCII and marks between them.
func bareNumber(text, currency string) string {
	s := strings.TrimSpace(strings.ToUpper(plainMarks.Replace(strings.Map(plainDigit, text))))
	names := slices.Concat([]string{currency}, signs[currency], anyCurrency)
	slices.SortStableFunc(names, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	for range 2 { // "$12.50 USD"
		for _, name := range names {
			bare := strings.TrimSpace(strings.TrimPrefix(s, name))
			if bare == s {
				bare = strings.TrimSpace(strings.TrimSuffix(s, name))
			}
			if name != "" && bare != s {
				s = bare
				break
			}
		}
	}
	for _, end := range []string{".-", ",-", ".–", ",–", ".—", ",—", "."} { // as in "12.-", and at a sentence's end
		if bare, cut := strings.CutSuffix(s, end); cut {
			return bare
		}
	}
	return s
}

// plainDigit writes a digit of any script as one of ASCII, and leaves out marks of formatting that nobody sees.
func plainDigit(r rune) rune {
	switch {
	case r < 0x80:
		return r
	case unicode.Is(unicode.Cf, r):
		return -1
	}
	for _, t := range unicode.Nd.R16 {
		if r >= rune(t.Lo) && r <= rune(t.Hi) {
			return '0' + (r-rune(t.Lo))%10
		}
	}
	for _, t := range unicode.Nd.R32 {
		if r >= rune(t.Lo) && r <= rune(t.Hi) {
			return '0' + (r-rune(t.Lo))%10
		}
	}
	return r
}
