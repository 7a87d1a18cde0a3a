package engine

import (
	"slices"

	"nevermind/bot"
)

// terms is what a conversation is filed under from this turn on, all of it: Store.Find finds it by these and by nothing else.
// Both kinds are filed under their files (file:<hash>). A record is filed besides under flow:<flow>, id:<short name>,
// order:<order>, each fact of its flow's Filed, and buyer and seller by their ids; while it is open also under
// open:flow:<flow>, open:order:<order>, open:<person>, and desk where it waits for support. Terms are stored: promises.
func (t *turner) terms(c *bot.Conversation) []string {
	flow := t.rules.ByName[c.Flow]
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
