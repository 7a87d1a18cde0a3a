package flows

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"nevermind/bot"
	"nevermind/flows/understand"
)

// partMeant is what of an order words are about.
type partMeant struct {
	parts []bot.Part
	unfit bot.Part // what cannot be so: see partsSaid
	sure  bool     // it needs no question; else these parts are what may be meant, where any are
	some  bool     // the words are about some of the order only
	named bool     // they name what of it, even if not surely
}

// partsMeant reads of which part of an order words speak: how many of something, and which lines by the words of their titles.
// A line that is only named, without a word such as "only" or of what stays, may be meant or may say which order it is.
func partsMeant(o *bot.Order, open []bot.Part, text, language string) partMeant {
	parts, unfit := partsSaid(o, open, text)
	if unfit.ID != "" {
		return partMeant{unfit: unfit, some: true, named: true}
	}
	titles := make([]string, len(open))
	for i, p := range open {
		titles[i] = titleOf(o, p.ID).Title
	}
	named := understand.ThingsIn(text, language, titles)
	if len(parts) > 0 {
		return withNamed(open, parts, named)
	}
	meant := partMeant{sure: !named.Vague && (named.Only || named.Count(understand.Kept) > 0)}
	stays := named.Count(understand.Meant) == 0
	for i, how := range named.How {
		if how == understand.Meant || stays && how == understand.Unnamed {
			meant.parts = append(meant.parts, open[i])
			// "only the lamp" of three lamps: one, or all of them
			meant.sure = meant.sure && (open[i].Quantity == 1 || stays || !isCounted(o, open[i].ID))
		}
	}
	unnamed := stays && named.Count(understand.Kept) == 0
	if unnamed || len(meant.parts) == 0 {
		meant.parts = nil
	}
	meant.some = len(meant.parts) > 0 && len(meant.parts) < len(open) || named.Vague && named.Only || unnamed && named.Some
	meant.sure = meant.sure && len(meant.parts) > 0
	meant.named = !unnamed || named.Vague
	if len(meant.parts) == len(open) && !named.Some {
		return partMeant{}
	}
	return meant
}

// withNamed is a number of pieces beside what is named without one: that needs a question where it is something else, or stays.
func withNamed(open, parts []bot.Part, named understand.Things) partMeant {
	meant := partMeant{parts: parts, sure: true, some: true, named: true}
	for i, how := range named.How {
		counted := slices.IndexFunc(parts, func(p bot.Part) bool { return p.ID == open[i].ID })
		switch {
		case how == understand.Kept && counted >= 0:
			return partMeant{some: true, named: true}
		case how == understand.Meant && counted < 0:
			meant.sure = false
		}
	}
	return meant
}

// hanPieces is a number of pieces as the Chinese say it, behind what is to be done with them: 只取消两个.
var hanPieces = regexp.MustCompile(`(?:取消|退掉|退)(?:其中)?的?([一二两三四五六七八九十]|\d{1,2})[个件只盏把台本条双套份张瓶支块副枚部箱包袋顶床](.?)`)

// hanNumbers are the numbers of hanPieces.
var hanNumbers = map[string]int{"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}

// hanQuantity is the number of pieces in a Chinese text; 0 where there is none, or where it counts orders.
func hanQuantity(text string) int {
	found := hanPieces.FindAllStringSubmatch(understand.Digits(text), 2)
	if len(found) != 1 || found[0][2] == "订" || found[0][2] == "单" {
		return 0
	}
	if n := hanNumbers[found[0][1]]; n > 0 {
		return n
	}
	n, _ := strconv.Atoi(found[0][1])
	return n
}

// isHan says whether a text is written in Chinese.
func isHan(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

// hanParts is the number of pieces in a Chinese text of the one line that it names, or of the only one there is.
func hanParts(o *bot.Order, open []bot.Part, text string) (parts []bot.Part, unfit bot.Part) {
	n := hanQuantity(text)
	if n == 0 {
		return nil, bot.Part{}
	}
	titles := make([]string, len(open))
	for i, p := range open {
		titles[i] = titleOf(o, p.ID).Title
	}
	named := understand.ThingsIn(text, "zh-Hans", titles)
	at := slices.Index(named.How, understand.Meant)
	switch {
	case len(open) == 1:
		at = 0
	case at < 0 || named.Vague || named.Count(understand.Meant) != 1:
		return nil, bot.Part{}
	}
	return fitting(o, open[at], n)
}

// fitting is so many of a line, as what is meant or as what cannot be so.
func fitting(o *bot.Order, line bot.Part, number int) (parts []bot.Part, unfit bot.Part) {
	p := bot.Part{ID: line.ID, Quantity: number}
	if number > line.Quantity || number < line.Quantity && !isCounted(o, line.ID) {
		return nil, p
	}
	return []bot.Part{p}, bot.Part{}
}

// likelyPart says whether words that may be a wish to cancel surely name a part of an order of theirs: what they say of the rest,
// such as that it is to stay, is what made them doubtful.
func likelyPart(v *bot.View, m *bot.Message, verdict *understand.Verdict) bool {
	if v.Look == nil || v.Actor.Party() != bot.Buyer || verdict.Act != "" || verdict.Denied != "" || verdict.IfOnly != "" ||
		asksBack(m.Text) || !slices.Contains(verdict.Ask, understand.CancelOrder) {
		return false
	}
	freely, _ := understand.Said(m.Text, v.Actor.Language, "cancel")
	return freely && slices.ContainsFunc(v.Look.Orders(0, mostLookedAt), func(o bot.Order) bool {
		meant := partsMeant(&o, o.OpenParts(), m.Text, v.Actor.Language)
		return mayCancel(&o) && meant.some && meant.sure
	})
}
