package telegramtest

import (
	"math/rand/v2"
	"strings"
)

// hostileBits are what makes trouble in a message: markup, links and names that become touchable, writing that turns around or
// hides, characters of two units, and nothing at all.
var hostileBits = []string{
	"@durov", "@admin_bot", "/cancel", "/orders@evil_bot", "#sale", "$USD", "https://evil.com/a?b=c", "evil.com",
	"t.me/joinchat/x", "tg://resolve?domain=evil", "tonsite://evil.ton",
	"a@b.co", "1.2.3.4", "пример.рф", "例え.テスト", "xn--e1afmkfd.xn--p1ai", "http://localhost:80", "//evil.com",
	"www.evil.com.", "evil．com", "@\u200bdurov", "e\u200bvil.com", "evil\u2060.com", "evil.\u2060com",
	"evil.\u200dcom", "#\u200csale", "evil\u200c.com", "@\u2068durov\u2069",
	"<b>bold</b>", "*bold*", "_it_", "[x](https://evil.com)", "<a href=\"tg://user?id=1\">x</a>", "`code`", "```pre",
	"||spoiler||", "&lt;", "\\", "{order}", "{buyer}", "%s%d",
	"\u202eevil\u202c", "\u2066evil", "evil\u2069\u2069", "\u200f\u200f\u200f", "\u061c", "שלום עולם",
	"مرحبا بالعالم", "\u200b\u200b", "\ufeff", "\u00ad", "\U000E0041\U000E007F", "\u3164", "\u115f",
	"🙂", "👩‍👩‍👧‍👦", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🇪🇸", "e\u0301\u0301\u0301", "Z̸̢̛a̷l̸g̶o", "𝕬𝖇𝖈", "\U0010FFFF", "\uFFFE", "\xff\xfe",
	"\x00", "\x1b[2J", "\r\n", "\u2028", "\t",
	"\n\n\n", " ", "", ".", "@", "/", "#", ":", "a.b.c.d.e", "24.90", "9:05", "@@a//b##c", ".com", "com.", "@a",
	"/a/b/c", "1/2", "and/or", "http://", "://x", "😀.com", "-.-", "x.y",
}

// HostileTexts makes so many texts that have broken messages elsewhere, the same for the same seed.
func HostileTexts(n int, seed uint64) []string {
	dice := rand.New(rand.NewPCG(seed, 7))
	texts := []string{
		strings.Repeat("a", 4097), strings.Repeat("🙂", 2049), strings.Repeat("e\u0301", 2100),
		strings.Repeat("word ", 1000), strings.Repeat("@durov ", 700),
		strings.Repeat("\n", 4097), strings.Repeat("\u2068", 300), strings.Repeat("👩‍👩‍👧‍👦", 500),
		strings.Repeat("evil.com/", 460), strings.Repeat("\u200d", 4097),
	}
	texts = append(texts, hostileBits...)
	for len(texts) < n {
		var b strings.Builder
		for range 1 + dice.IntN(12) {
			b.WriteString(hostileBits[dice.IntN(len(hostileBits))])
			if dice.IntN(3) == 0 {
				b.WriteByte(' ')
			}
		}
		texts = append(texts, b.String())
	}
	return texts[:n]
}
