package policies

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"

	"nevermind/bot"
)

// isMapping says whether a value has keys of its own.
func isMapping(n node) bool {
	switch n.Node.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
		return true
	}
	return false
}

// span reads a length of time above nothing and returns its canonical text.
func (r *reader) span(n node) string {
	s := r.spanOrZero(n)
	if s == "0d" {
		r.wrong(n, "no time at all", spanForm)
	}
	return s
}

// spanOrZero reads a length of time, none at all included.
func (r *reader) spanOrZero(n node) string {
	switch v := n.Node.(type) {
	case *ast.IntegerNode, *ast.FloatNode:
		r.wrong(n, fmt.Sprintf("%.40q has no unit", v.GetToken().Value), spanForm)
		return ""
	case *ast.StringNode:
		w, wrong, right := parseSpan(v.Value)
		if wrong != "" {
			r.wrong(n, wrong, right)
			return ""
		}
		return spanText(w)
	}
	r.wrong(n, r.called(n)+" stands where a span of time belongs", spanForm)
	return ""
}

// spanOrNone reads a length of time, or "none" for no such deadline.
func (r *reader) spanOrNone(n node) string {
	if s, ok := word(n.Node); ok && s == "none" {
		return s
	}
	return r.span(n)
}

// longestKept is the longest time for which something may be kept that is not kept for ever.
const longestKept = 30 * year

// yearsOrNone reads what spanOrNone does, and years of 365 days besides: "10y".
func (r *reader) yearsOrNone(n node) string {
	s, _ := word(n.Node)
	number, years := strings.CutSuffix(s, "y")
	if count, err := strconv.Atoi(number); years && err == nil && count > 0 && count <= int(longestKept/year) {
		return spanText(bot.Window{Length: time.Duration(count) * year})
	}
	return r.spanOrNone(n)
}

// money reads an amount above nothing and returns its canonical text.
func (r *reader) money(n node) string {
	const right = `write an amount and its currency in quotes: "200.00 USD"`
	s, ok := r.text(n, 40)
	if !ok {
		return ""
	}
	m, err := bot.ReadMoney(s)
	if err != nil || m.Minor <= 0 {
		r.wrong(n, fmt.Sprintf("%.40q is not an amount of money", s), right)
	}
	return m.String()
}

// moneyOrNone reads an amount, or "none" for no limit.
func (r *reader) moneyOrNone(n node) string {
	if s, ok := word(n.Node); ok && s == "none" {
		return s
	}
	return r.money(n)
}

// truth reads true or false.
func (r *reader) truth(n node) bool {
	b, ok := n.Node.(*ast.BoolNode)
	if !ok {
		r.wrong(n, r.called(n)+" stands where yes or no belongs", "write true or false")
		return false
	}
	return b.Value
}

// identity reads the id by which a platform or the shop knows somebody.
func (r *reader) identity(n node) string {
	s, ok := r.text(n, 64)
	if ok && !identity.MatchString(s) {
		r.wrong(n, fmt.Sprintf("%.40q is not an id", s), "write letters, digits and . _ : -")
	}
	return s
}
