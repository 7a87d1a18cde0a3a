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

// indexTokens files the press tokens of a conversation. Most turns offer again what was on offer
// before, so only new tokens are written. A token goes on leading to its conversation when it is no
// longer on offer: a late press must find it to be answered.
func (b *writeBatch) indexTokens(p *preparedCommit) {
	key := p.Conversation.Key
	groups, others := groupTokens(key, append(slices.Clone(p.Conversation.Aside), p.Conversation.Frame)...)
	for _, token := range others {
		if tokenKey(b.get(tokens, token)) != key {
			b.put(tokens, token, slices.Concat(timeKey(p.At), []byte{tokenOnOffer}, []byte(key)))
		}
	}
	for _, g := range groups {
		old := b.get(offers, g.key)
		record := append(timeKey(p.At), tokenOnOffer)
		if old != nil {
			record = append(record, old[groupHead:]...)
		}
		kept := len(record)
		eachRest(g.rests, func(rest []byte) bool {
			if !hasRest(record[groupHead:], rest) {
				record = append(record, rest...)
			}
			return true
		})
		if len(record) > kept && !b.knownTokens(key, g, record[kept:]) {
			b.put(offers, g.key, record)
		}
	}
}

// knownTokens says whether an older file has these tokens of a group, each alone.
func (b *writeBatch) knownTokens(key bot.Key, g tokenGroup, rests []byte) bool {
	known := true
	eachRest(rests, func(rest []byte) bool {
		known = tokenKey(b.get(tokens, slices.Concat(g.key[:idTime], rest))) == key
		return known
	})
	return known
}

// offeredBy finds the conversation that has offered a token; empty where none has.
func offeredBy(tx *transaction, token string) (key bot.Key) {
	if len(token) == idLength {
		scanForward(bucketIn(tx, offers), []byte(token[:idTime]), nil, func(rest, v []byte) bool {
			if hasRest(v[groupHead:], []byte(token[idTime:])) {
				key = bot.Key(rest)
			}
			return key == ""
		})
	}
	if key == "" {
		key = tokenKey(bucketIn(tx, tokens).Get([]byte(token)))
	}
	return key
}
