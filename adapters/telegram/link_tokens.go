package telegram

import (
	"regexp"
	"strings"
)

// A link that connects an account (https://t.me/BOT?start=TOKEN) holds a one-time token. Telegram sends it as "/start TOKEN"
// when its link is opened. The token must reach bot.Message.Link alone, never a text, a log or a dead letter. These patterns
// find it in an address and, in a raw update that cannot be parsed, behind the command.
var (
	addressToken = regexp.MustCompile(`(?i)([?&]start(?:group)?=)[A-Za-z0-9_-]+`)
	commandToken = regexp.MustCompile(`(?i)(/start(?:@[a-z0-9_]+)?(?:\s|\\[nrt]|\\u00[02][0-9a-d])+)[A-Za-z0-9_-]+`)
)

// cutLinkToken takes the token out of "/start TOKEN". From any other text it removes the tokens of addresses: a link that is
// only pasted opens nothing.
func cutLinkToken(text string) (rest, token string) {
	words := strings.Fields(text)
	if len(words) < 2 || !strings.EqualFold(words[0], "/start") {
		return addressToken.ReplaceAllString(text, "${1}…"), ""
	}
	return words[0], words[1]
}

// redactTokens is a raw update without anything that may be a token.
func redactTokens(raw []byte) []byte {
	return addressToken.ReplaceAll(commandToken.ReplaceAll(raw, []byte("${1}…")), []byte("${1}…"))
}
