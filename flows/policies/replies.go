package policies

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"nevermind/bot"
)

// replyNames are the {names} that a canned reply may have filled in.
var replyNames = []string{"order", "item", "case", "buyer", "seller", "amount", "refundable", "until"}

// What a {name} in a reply looks like, and the code of a language.
var (
	inBraces = regexp.MustCompile(`\{([^{}]*)\}`)
	language = regexp.MustCompile(`^[a-z]{2,3}$`)
)

// longestReply is how many characters a canned reply may have.
const longestReply = 800

// replies reads what support has ready to write; a list in a file replaces the base's.
func (r *reader) replies(n node) []reply {
	return listByID(r, n, "", r.reply, func(c *reply) string { return c.ID })
}

// reply reads one of them: its id, its label, to whom it goes, and its words by language.
func (r *reader) reply(n node) (one reply) {
	before := len(r.faults)
	for _, p := range r.pairs(n, "id", "label", "to", "text", "source") {
		switch p.name {
		case "id":
			one.ID = r.id(p.node)
		case "label":
			one.Label, _ = r.text(p.node, 40)
		case "to":
			one.To = r.oneOf(p.node, string(bot.Buyer), string(bot.Seller), "either")
		case "text":
			one.Text = r.texts(p.node)
		case "source":
			one.Source = r.sources(p.node)
		}
	}
	if len(r.faults) == before && (one.ID == "" || one.Label == "" || one.To == "" || one.Text["en"] == "") {
		r.wrong(n, "id, label, to or the English text is missing",
			`write {id: looking, label: "We look into it", to: buyer, text: {en: "We look into {order}."}}`)
	}
	return one
}

// texts reads the words of a reply by language, English being one of them.
func (r *reader) texts(n node) map[string]string {
	all := map[string]string{}
	for _, p := range r.pairs(n) {
		if !language.MatchString(p.name) {
			r.wrong(p.node, fmt.Sprintf("%.20q is not a language", p.name), "write its two letters, such as en or es")
			continue
		}
		all[p.name], _ = r.text(p.node, longestReply)
		for _, m := range inBraces.FindAllStringSubmatch(all[p.name], -1) {
			if !slices.Contains(replyNames, m[1]) {
				r.wrong(p.node, fmt.Sprintf("nobody knows what {%.40s} is", m[1]), "a reply may name {"+strings.Join(replyNames, "}, {")+"}")
			}
		}
	}
	return all
}
