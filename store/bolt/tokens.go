package bolt

import (
	"bytes"
	"slices"

	"nevermind/bot"
)

// A token that a turn has made begins with the turn's time, so that the tokens of one turn have
// their first bytes in common. They stand together under those and the conversation; a token of any
// other form stands alone, in tokens, as all of them did in older files.
const (
	idLength  = 22 // of a token or a task's id, as turns make them
	idTime    = 8  // the first of it, which hold the time
	tokenRest = idLength - idTime
	groupHead = 9 // the time and the state before the tokens of a group, as in a token's own record
)

// tokenGroup is what one turn offers: the key under which it stands and the ends of its tokens.
type tokenGroup struct{ key, rests []byte }

// groupTokens sorts tokens of a conversation into groups. Those of another form are returned apart.
func groupTokens(key bot.Key, frames ...bot.Frame) (groups []tokenGroup, others [][]byte) {
	for _, f := range frames {
		for _, o := range f.Offers {
			if len(o.Token) != idLength {
				if o.Token != "" {
					others = append(others, []byte(o.Token))
				}
				continue
			}
			i := slices.IndexFunc(groups, func(g tokenGroup) bool { return string(g.key[:idTime]) == o.Token[:idTime] })
			if i < 0 {
				i = len(groups)
				groups = append(groups, tokenGroup{key: append([]byte(o.Token[:idTime]), key...)})
			}
			groups[i].rests = append(groups[i].rests, o.Token[idTime:]...)
		}
	}
	return groups, others
}

// eachRest calls f with the end of each token in a group's record, until f returns false.
func eachRest(rests []byte, f func(rest []byte) bool) {
	for ; len(rests) >= tokenRest && f(rests[:tokenRest]); rests = rests[tokenRest:] {
	}
}

// hasRest says whether a token with that end is among those.
func hasRest(rests, rest []byte) (found bool) {
	eachRest(rests, func(r []byte) bool { found = bytes.Equal(r, rest); return !found })
	return found
}

// offeredTokens decodes only as much of a conversation as tells what can be pressed.
type offeredTokens struct {
	Frame frameOffers   `cbor:"2,keyasint"`
	Aside []frameOffers `cbor:"3,keyasint"`
}

// frameOffers is the offers of one frame; the field numbers are those of frame and offer.
type frameOffers struct {
	Offers []struct {
		Token string `cbor:"1,keyasint"`
	} `cbor:"5,keyasint"`
}

// has says whether such a token is on offer in any frame of the conversation.
func (c *offeredTokens) has(such func(token string) bool) bool {
	for _, f := range append(c.Aside, c.Frame) {
		for _, o := range f.Offers {
			if such(o.Token) {
				return true
			}
		}
	}
	return false
}
