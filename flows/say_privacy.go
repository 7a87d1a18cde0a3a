package flows

import (
	"strings"

	"nevermind/bot"
)

// privacyTerms are what {names} stand for in what is told of privacy and the commands.
var privacyTerms = map[string]bot.Term{
	"privacy":     privacy,
	"seller_how":  sellerHow,
	"address_how": addressHow,
	"change_how":  changeHow,
	"tally_time":  func(v *bot.View, r *bot.Person) string { return formatWindow(v, r, v.Policy.Windows["tally_kept"]) },
}

// privacy says what is kept, who sees it, for how long, and how to have it deleted: only what is so (S86, S87, Q13).
func privacy(v *bot.View, r *bot.Person) string {
	lines := []string{
		"What is kept about you, and why:",
		"• What: what you write here and what I answer, with the time and the account it came from. " +
			"Every step of your requests is kept too, so that it can be shown later who decided what.",
	}
	if isCustomer(r) {
		lines = append(lines, "• From the shop: your name, your orders and what becomes of them. I add your settings.",
			"• Counted: what becomes of requests, by the number of the account. How long answers and refunds take is counted "+
				"by seller and way of paying. {tally_time} after the last one, nobody looks at these counts any more.")
	}
	lines = append(lines, "• Why: to carry out what you ask for, and nothing else.",
		"• Who sees it: the shop and its support team. Of an order, its buyer and seller see each other's names and what "+
			"they write to each other.",
		"• How long: nothing is deleted by itself yet.")
	if r.Party() == bot.Buyer && assistantsOn.Holds(v) {
		lines = append(lines, "• Your own AI assistant, if you have connected one, reads your orders and requests. "+
			"/assistant shows it.")
	}
	if isCustomer(r) {
		lines = append(lines, "• To have it shown or deleted, ask for “a person”. To disconnect this chat, write /settings.",
			"• Your account at the shop is another thing. Only the shop can delete it, and that is for good. Ask the shop what "+
				"it keeps afterwards without your name.")
	} else {
		lines = append(lines, "• To have it shown or deleted, please ask the shop.")
	}
	for i, line := range lines {
		lines[i] = v.Say(r, line)
	}
	return strings.Join(lines, "\n")
}

// isCustomer says whether somebody buys or sells here, rather than belongs to support or is a stranger.
func isCustomer(p *bot.Person) bool { return p.Party() == bot.Buyer || p.Party() == bot.Seller }

// sellerHow tells a buyer how to write to a seller; empty for anybody else.
func sellerHow(v *bot.View, r *bot.Person) string {
	if r.Party() != bot.Buyer {
		return ""
	}
	return v.Say(r, "Choose the order it is about, then press “Write to the seller”. I pass your words on and keep a copy.")
}

// addressHow tells a buyer how an address is changed; empty for anybody else.
func addressHow(v *bot.View, r *bot.Person) string {
	if r.Party() != bot.Buyer {
		return ""
	}
	if o := orderOf(v); o != nil && o.HasLeft() {
		return v.Say(r, "This order has shipped, so the address can't be changed any more. You can write to {seller}, or ask for "+
			"“a person”.")
	}
	return v.Say(r, "I can't change an address: only the seller can, and only until the order ships. Choose the order, then press "+
		"“Write to the seller” and give the new address.")
}

// changeHow tells a buyer how what they ordered is changed; empty for anybody else.
func changeHow(v *bot.View, r *bot.Person) string {
	if r.Party() != bot.Buyer {
		return ""
	}
	return v.Say(r, "I can't change what was ordered: only the seller can, and only until the order ships. Choose the order, then "+
		"press “Write to the seller” and say what you would like instead. Or cancel it and order anew.")
}
