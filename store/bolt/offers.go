package bolt

import (
	"slices"

	"nevermind/bot"
)

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
		old := b.get(offers, g.Key)
		record := append(timeKey(p.At), tokenOnOffer)
		if old != nil {
			record = append(record, old[groupHead:]...)
		}
		kept := len(record)
		eachRest(g.Rests, func(rest []byte) bool {
			if !hasRest(record[groupHead:], rest) {
				record = append(record, rest...)
			}
			return true
		})
		if len(record) > kept && !b.knownTokens(key, g, record[kept:]) {
			b.put(offers, g.Key, record)
			b.keep = append(b.keep, func(uint64) { b.s.rememberOffer(string(g.Key[:idTime]), tokenRests{key, record[groupHead:]}) })
		}
	}
}

// tokenRests are the ends of the tokens that one turn of a conversation has offered. Whose a token is never changes.
type tokenRests struct {
	key   bot.Key
	rests []byte
}

// rememberOffer keeps it in memory. Only the writer does.
func (s *Store) rememberOffer(begin string, made tokenRests) {
	others, _ := s.offered.Get(begin) // turns of the same instant
	s.offered.Put(begin, append(slices.Clip(others), made))
}

// rememberedOffer is offeredBy from memory; empty where only the file may know.
func (s *Store) rememberedOffer(token string) bot.Key {
	if len(token) == idLength {
		of, _ := s.offered.Get(token[:idTime])
		for _, o := range of {
			if hasRest(o.rests, []byte(token[idTime:])) {
				return o.key
			}
		}
	}
	return ""
}

// knownTokens says whether an older file has these tokens of a group, each alone.
func (b *writeBatch) knownTokens(key bot.Key, g tokenGroup, rests []byte) bool {
	known := true
	eachRest(rests, func(rest []byte) bool {
		known = tokenKey(b.get(tokens, slices.Concat(g.Key[:idTime], rest))) == key
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
