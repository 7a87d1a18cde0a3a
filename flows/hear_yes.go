package flows

import (
	"maps"
	"strings"

	"nevermind/bot"
)

// A last look is answered in words, too, in any of the languages: by a yes or a no, alone or beside a polite word or what is to
// be done. That has to be what the look is about: "ok, cancel it" is a yes to cancelling, and none to sending a letter.
var (
	yesWords = wordSet("yes yep yeah yup y sure ok okay confirm correct right exactly " +
		"sí si sii claro dale vale correcto listo sim pode isso certo blz beleza oui ouais d'accord parfait volontiers " +
		"ja jo joa jep jawohl klar gerne genau passt stimmt да ага угу конечно хорошо ок окей подтверждаю верно давай " +
		"давайте " +
		"نعم اي إي ايوه أيوه ايوا أيوا اه آه أكيد اكيد موافق موافقة اوك أوك إيه تمام صح")
	noWords = wordSet("no nope n don't não nao non nein nee нет неа لا لأ")
	// politeYes and politeNo stand beside a yes or a no.
	politeYes = wordSet("please go ahead do por favor porfa pfv adelante de acuerdo está esta bien así es mesmo tá ta " +
		"bom s'il vous plaît " +
		"svp stp c'est bon allez-y vas-y bien sûr bitte so mach mal los gern das ist richtig пожалуйста всё все так من " +
		"فضلك لو سمحت")
	politeNo = wordSet("thanks thank you keep it the my order gracias mejor obrigado obrigada merci danke bitte не " +
		"надо спасибо شكرا شكرًا")
	// yesPhrases and noPhrases are whole answers without any of those words; Chinese ones without their spaces.
	yesPhrases = phraseSet("send it|do it|ask the seller|ask them|go ahead|i confirm|please do|adelante|de acuerdo|" +
		"isso mesmo|tá bom|c'est bon|" +
		"abschicken|allez-y|vas-y|отправляйте|отправляй|是|是的|好|好的|好吧|对|对的|可以|可以的|行|嗯|嗯嗯|嗯对|没错|没问题|确认|确定|就这样")
	noPhrases = phraseSet("keep it|do nothing|don't send it|keep the order|keep my order|no keep the order|mejor no|" +
		"lieber nicht|не надо|" +
		"不|不要|不用|不是|不了|算了|先不|别发|不发")
)

// lastLook is what is done after a yes: the words that may stand beside one, and the whole answers.
type lastLook struct{ words, phrases map[string]bool }

var (
	sending = lastLook{
		wordSet("send it ask them him her the seller submit mándaselo mandaselo mándalo mandalo pregúntale preguntale " +
			"envíalo envialo " +
			"envía enviar envia manda mandar perguntar envoyez envoie demandez-lui abschicken schicken schick ab senden " +
			"anfragen fragt ihn " +
			"отправляйте отправляй отправь отправьте спросите ارسل أرسل أرسله ارسله ابعت ابعته الطلب"),
		phraseSet("c'est bon envoyez|提交|发吧|发送|问吧|可以提交|对发吧|嗯发吧|好的发吧|对的发吧|嗯嗯对的发吧|对就这么发"),
	}
	cancelling = lastLook{
		wordSet("cancel it cancélalo cancelalo cancela cancelar annulez annule stornieren storniere отменяй отменяйте " +
			"الغيه ألغه"),
		phraseSet("取消吧|是的取消吧|对取消吧"),
	}
)

// and joins what is said of two acts: to ask the seller to cancel is both.
func (l lastLook) and(o lastLook) lastLook {
	return lastLook{union(l.words, o.words), union(l.phrases, o.phrases)}
}

// hearYes hears a typed yes or no to a last look at something that is sent or cancelled.
func hearYes(yes, no string, look lastLook) bot.Hear {
	beside := union(politeYes, look.words)
	return func(_ *bot.View, m *bot.Message) (bot.Event, bool) {
		said := plainWords(m.Text)
		unspaced := strings.ReplaceAll(said, " ", "")
		switch {
		case len(m.Files) > 0:
			return bot.Event{}, false
		case only(said, yesWords, beside), yesPhrases[said], yesPhrases[unspaced], look.phrases[said], look.phrases[unspaced]:
			return bot.Event{Name: yes}, true
		case only(said, noWords, politeNo), noPhrases[said], noPhrases[unspaced]:
			return bot.Event{Name: no}, true
		}
		return bot.Event{}, false
	}
}

// only says whether a text is made of words of a first set and a second, with one of the first at least.
func only(text string, first, second map[string]bool) bool {
	found := false
	for _, word := range strings.Fields(text) {
		if found = found || first[word]; !first[word] && !second[word] {
			return false
		}
	}
	return found
}

// phraseSet is a set of the phrases of a text, with a bar between them.
func phraseSet(text string) map[string]bool {
	all := map[string]bool{}
	for phrase := range strings.SplitSeq(text, "|") {
		all[phrase] = true
	}
	return all
}

// union is all that is in one of two sets.
func union(a, b map[string]bool) map[string]bool {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return all
}
