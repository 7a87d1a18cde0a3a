package record

import (
	"bytes"
	"slices"

	"nevermind/bot"
)

// A token that a turn has made begins with the turn's time, so that the tokens of one turn have
// their first bytes in common. They stand together under those and the conversation; a token of any
// other form stands alone, in tokens, as all of them did in older files.
const (
	IdLength  = 22 // of a token or a task's id, as turns make them
	IdTime    = 8  // the first of it, which hold the time
	tokenRest = IdLength - IdTime
	GroupHead = 9 // the time and the state before the tokens of a group, as in a token's own record
)

// TokenGroup is what one turn offers: the key under which it stands and the ends of its tokens.
type TokenGroup struct{ Key, Rests []byte }

// GroupTokens sorts tokens of a conversation into groups. Those of another form are returned apart.
func GroupTokens(key bot.Key, frames ...bot.Frame) (groups []TokenGroup, others [][]byte) {
	for _, f := range frames {
		for _, o := range f.Offers {
			if len(o.Token) != IdLength {
				if o.Token != "" {
					others = append(others, []byte(o.Token))
				}
				continue
			}
			i := slices.IndexFunc(groups, func(g TokenGroup) bool { return string(g.Key[:IdTime]) == o.Token[:IdTime] })
			if i < 0 {
				i = len(groups)
				groups = append(groups, TokenGroup{Key: append([]byte(o.Token[:IdTime]), key...)})
			}
			groups[i].Rests = append(groups[i].Rests, o.Token[IdTime:]...)
		}
	}
	return groups, others
}

// EachRest calls f with the end of each token in a group's record, until f returns false.
func EachRest(rests []byte, f func(rest []byte) bool) {
	for ; len(rests) >= tokenRest && f(rests[:tokenRest]); rests = rests[tokenRest:] {
	}
}

// HasRest says whether a token with that end is among those.
func HasRest(rests, rest []byte) (found bool) {
	EachRest(rests, func(r []byte) bool { found = bytes.Equal(r, rest); return !found })
	return found
}

// OfferedTokens decodes only as much of a conversation as tells what can be pressed.
type OfferedTokens struct {
	Frame frameOffers   `cbor:"2,keyasint"`
	Aside []frameOffers `cbor:"3,keyasint"`
}

// frameOffers is the offers of one frame; the field numbers are those of frame and offer.
type frameOffers struct {
	Offers []struct {
		Token string `cbor:"1,keyasint"`
	} `cbor:"5,keyasint"`
}

// Has says whether such a token is on offer in any frame of the conversation.
func (c *OfferedTokens) Has(such func(token string) bool) bool {
	for _, f := range append(c.Aside, c.Frame) {
		for _, o := range f.Offers {
			if such(o.Token) {
				return true
			}
		}
	}
	return false
}
