package engine

import (
	"slices"

	"nevermind/bot"
)

// terms is what a record is filed under, so that it is found by order, person, flow and name.
func (e *Engine) terms(c *bot.Conversation) []string {
	flow := e.rules.ByName[c.Flow]
	terms := fileTerms(c)
	if flow.Talk {
		return terms
	}
	terms = append(terms, "flow:"+c.Flow)
	if c.ID != "" {
		terms = append(terms, "id:"+c.ID)
	}
	if c.Order != "" {
		terms = append(terms, "order:"+c.Order)
	}
	for _, fact := range flow.Filed {
		if value := c.Facts[fact]; value != "" {
			terms = append(terms, fact+":"+value)
		}
	}
	for _, p := range bot.Parties[:2] {
		if who := c.Parties[p]; who != "" {
			terms = append(terms, string(who))
		}
	}
	if !c.Closed.IsZero() {
		return terms
	}
	terms = append(terms, "open:flow:"+c.Flow)
	if c.Order != "" {
		terms = append(terms, "open:order:"+c.Order)
	}
	for _, p := range bot.Parties[:2] {
		if who := c.Parties[p]; who != "" {
			terms = append(terms, "open:"+string(who))
		}
	}
	if s := flow.States[c.State]; s.Desk {
		terms = append(terms, "desk")
	}
	return terms
}

// fileTerms files a conversation under each file that it names, so that a file nobody names is known for one.
func fileTerms(c *bot.Conversation) []string {
	var terms []string
	for _, f := range slices.Concat([]bot.Frame{c.Frame}, c.Aside) {
		for i := range f.Files {
			terms = append(terms, "file:"+f.Files[i].Hash)
		}
	}
	for i := range c.Exhibits {
		terms = append(terms, "file:"+c.Exhibits[i].Hash)
	}
	slices.Sort(terms)
	return slices.Compact(terms)
}
