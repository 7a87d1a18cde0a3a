package casefile

// What the tests forge with.
var (
	SealUp = seal
	Sign   = sign
	HashOf = hashOf

	CheckTexts = checkTexts
)

// HashOfItem is an item's hash.
func HashOfItem(i *Item) string { return i.computeHash() }
