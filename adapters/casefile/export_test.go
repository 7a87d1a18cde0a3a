package casefile

import (
	"hash/crc32"
	"time"

	"nevermind/bot"
)

// What the tests forge with.
var (
	SealUp = seal
	Sign   = sign
	HashOf = hashOf

	CheckTexts = checkTexts

	PartHash = func(p Part) string { return p.computeHash() }
	ItemHash = func(i Item) string { return i.computeHash() }
)

// ChainStart is what the chain of a case that was opened at the zero time begins with.
func ChainStart(key bot.Key) string { return chainStart(key, time.Time{}) }

// CRC is the sum that archives have of a name.
func CRC(name string) uint32 { return crc32.ChecksumIEEE([]byte(name)) }
