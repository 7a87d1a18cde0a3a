package aliexpress

import "nevermind/bot"

// Issue is a dispute as it stands on AliExpress: who has offered what, and how far it is. It is decided there; here it is read,
// so that support sees in one place what both sides have said.
type Issue struct {
	Open    bool
	Max     bot.Money // the most that can go back
	Offers  []Offer
	Reached *Offer // the one that counts; nil where none does yet
}

// Offer is one solution: what a side, or the platform, would have it end with.
type Offer struct {
	By     bot.Party // bot.Support is the platform
	Return bool      // the goods come back first
	Amount bot.Money
	State  string // "open", "refused", "reached"
}

// issue is the detail of an issue as the platform writes it.
type issue struct {
	IssueStatus          string     `json:"issue_status"`
	Most                 string     `json:"refund_money_max"`
	Currency             string     `json:"refund_money_max_currency"`
	BuyerSolutionList    []solution `json:"buyer_solution_list"`
	SellerSolutionList   []solution `json:"seller_solution_list"`
	PlatformSolutionList []solution `json:"platform_solution_list"`
}

type solution struct {
	SolutionType        string `json:"solution_type"` // "refund", "return_and_refund"
	Status              string
	RefundMoney         string `json:"refund_money"`
	RefundMoneyCurrency string `json:"refund_money_currency"`
}

// solutionStates are a solution's states; one that is not here is open.
var solutionStates = map[string]string{
	"reached": "reached", "buyer_refused": "refused", "seller_refused": "refused", "canceled": "refused",
}

// read is the issue in our words. One that is processing is open; canceled_issue and finish are over.
func (i *issue) read() Issue {
	all := Issue{Open: i.IssueStatus == "processing", Max: money{i.Most, i.Currency}.read()}
	for _, side := range []struct {
		by   bot.Party
		list []solution
	}{{bot.Buyer, i.BuyerSolutionList}, {bot.Seller, i.SellerSolutionList}, {bot.Support, i.PlatformSolutionList}} {
		for _, s := range side.list {
			o := Offer{By: side.by, Return: s.SolutionType == "return_and_refund",
				Amount: money{s.RefundMoney, s.RefundMoneyCurrency}.read(), State: "open"}
			if state := solutionStates[s.Status]; state != "" {
				o.State = state
			}
			all.Offers = append(all.Offers, o)
		}
	}
	for n := range all.Offers {
		if all.Offers[n].State == "reached" {
			all.Reached = &all.Offers[n]
		}
	}
	return all
}
