package bot

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// ErrMoney is returned for an amount or a currency that cannot be read exactly.
var ErrMoney = errors.New("not an amount of money")

// Money is an amount in minor units of an ISO 4217 currency: 24.90 USD is {2490, "USD"}.
type Money struct {
	Minor    int64
	Currency string
}

// digits lists the ISO 4217 currencies whose minor unit is not a hundredth.
var digits = map[string]int{
	"BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "ISK": 0, "JPY": 0, "KMF": 0, "KRW": 0, "PYG": 0, "RWF": 0,
	"UGX": 0, "UYI": 0, "VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0,
	"BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3,
}

// Digits returns how many decimals the currency has.
func Digits(currency string) int {
	if n, ok := digits[currency]; ok {
		return n
	}
	return 2
}

// ParseMoney reads a decimal string such as "24.90" or "24.9" exactly; more decimals than the currency has,
// signs, exponents and group separators are ErrMoney.
func ParseMoney(amount, currency string) (Money, error) {
	n := Digits(currency)
	if !isCurrency(currency) {
		return Money{}, fmt.Errorf("currency %.12q: %w", currency, ErrMoney)
	}
	whole, frac, dot := strings.Cut(amount, ".")
	if whole == "" || len(frac) > n || dot && frac == "" || !allDigits(whole) || !allDigits(frac) {
		return Money{}, fmt.Errorf("amount %.24q in %s: %w", amount, currency, ErrMoney)
	}
	minor, err := strconv.ParseInt(whole+frac+strings.Repeat("0", n-len(frac)), 10, 64)
	if err != nil || minor > math.MaxInt64/4 {
		return Money{}, fmt.Errorf("amount %.24q in %s: %w", amount, currency, ErrMoney)
	}
	return Money{minor, currency}, nil
}

// ReadMoney reads what String wrote: "24.90 USD".
func ReadMoney(s string) (Money, error) {
	amount, currency, _ := strings.Cut(s, " ")
	return ParseMoney(amount, currency)
}

// Amount writes the decimal string, always with all the currency's decimals.
func (m Money) Amount() string {
	n := Digits(m.Currency)
	s := strconv.FormatInt(m.Minor, 10)
	if n == 0 {
		return s
	}
	sign := ""
	if m.Minor < 0 {
		sign, s = "-", s[1:]
	}
	if len(s) <= n {
		s = strings.Repeat("0", n+1-len(s)) + s
	}
	return sign + s[:len(s)-n] + "." + s[len(s)-n:]
}

// String writes "24.90 USD".
func (m Money) String() string { return m.Amount() + " " + m.Currency }

// IsZero says whether there is nothing.
func (m Money) IsZero() bool { return m.Minor == 0 }

// Less says whether m is under n; amounts in different currencies are never compared.
func (m Money) Less(n Money) bool { return m.Currency == n.Currency && m.Minor < n.Minor }

// Minus takes n away, never below nothing; n is of the same currency.
func (m Money) Minus(n Money) Money { return Money{max(0, m.Minor-n.Minor), m.Currency} }

// Plus adds n, which is of the same currency.
func (m Money) Plus(n Money) Money { return Money{m.Minor + n.Minor, m.Currency} }

func isCurrency(s string) bool {
	if len(s) != 3 {
		return false
	}
	for _, c := range s {
		if c < 'A' || c > 'Z' {
			return false
		}
	}
	return true
}

func allDigits(s string) bool {
	for _, c := range s {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}
