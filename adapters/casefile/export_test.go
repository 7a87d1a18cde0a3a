package casefile

// What the tests forge with.
var (
	SealUp = seal
	Sign   = sign
	HashOf = hashOf

	CheckTexts = checkTexts
)
