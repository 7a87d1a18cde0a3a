package policies

import (
	"fmt"
	"slices"
	"strings"

	"nevermind/bot"
)

// override is what counts otherwise for one seller, or for orders delivered to some countries.
type override struct {
	Seller    string   `json:"seller,omitempty"`
	Countries []string `json:"country,omitempty"`
	sheet
}

// bot is the override as the policy carries it.
func (o *override) bot() bot.Override {
	all := o.part()
	if o.Seller != "" {
		all.Seller = bot.NewPersonID(bot.Seller, o.Seller)
	}
	all.Countries = o.Countries
	return all
}

// overrides reads what counts otherwise for some orders, in the order in which it is laid over.
func (r *reader) overrides(n node) []override { return listOf(r, n, r.override) }

// override reads one of them; it is for a seller, for countries, or for both, and says something that is different.
func (r *reader) override(n node) (o override) {
	before := len(r.faults)
	for _, p := range r.pairs(n, "seller", "country", "lines", "windows", "withdrawal", "refunds", "reasons", "fees") {
		switch p.name {
		case "seller":
			o.Seller = r.identity(p.node)
		case "country":
			o.Countries = r.delivered(p.node)
		case "lines":
			o.Lines = r.entry(p.node, func(n node) string { return r.oneOf(n, lineChoices...) })
		case "windows":
			o.windows(r.windows(p.node))
		case "withdrawal": // a short way to say windows.withdrawal
			o.windows(map[string]entry{"withdrawal": *r.entry(p.node, r.spanOrNone)})
		case "refunds":
			o.Refunds = r.refunds(p.node)
		case "reasons":
			o.Reasons = r.reasons(p.node)
		case "fees":
			o.Fees = r.fees(p.node)
		}
	}
	if len(r.faults) > before {
		return o
	}
	if o.Seller == "" && len(o.Countries) == 0 {
		r.wrong(n, "this is for nobody", "write seller: s-1, or country: ES, or both")
	} else if o.Windows == nil && o.Refunds == nil && o.Reasons == nil && o.Fees == nil && o.Lines == nil {
		r.wrong(n, "nothing is different", "write windows, refunds, reasons, fees or lines")
	}
	return o
}

// windows lays further windows over those it has.
func (o *override) windows(more map[string]entry) {
	if o.Windows == nil {
		o.Windows = map[string]entry{}
	}
	for key, e := range more {
		o.Windows[key] = e
	}
}

// delivered reads one country or a list of them; EU is the 27 of the European Union.
func (r *reader) delivered(n node) []string {
	nodes := []node{n}
	if all, ok := r.maybeList(n); ok {
		nodes = all
	}
	var all []string
	for _, v := range nodes {
		s, ok := r.text(v, 2)
		switch {
		case !ok:
		case s == "EU":
			all = append(all, union...)
		case !slices.Contains(world, s):
			r.wrong(v, fmt.Sprintf("there is no country %.10q", s), "write the two letters of ISO 3166, such as ES, "+
				"or EU for the European Union")
		default:
			all = append(all, s)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// union are the countries of the European Union.
var union = strings.Fields("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK")

// world are the countries of ISO 3166-1.
var world = strings.Fields(`
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD
CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF
GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN
KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA
NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI
SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI
VN VU WF WS YE YT ZA ZM ZW
`)
