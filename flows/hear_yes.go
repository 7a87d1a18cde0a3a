package flows

import (
	"strings"

	"nevermind/bot"
)

// A last look is answered in words, too, in any of the languages: by a yes or a no, alone or with nothing beside it but a polite
// word or what is to be done.
var (
	yesWords = wordSet("yes yep yeah yup y sure ok okay confirm correct right exactly " +
		"sí si sii claro dale vale correcto listo " + "sim claro pode isso certo blz beleza " + "oui ouais ok okay d'accord " +
		"parfait volontiers c'est " +
		"ja jo joa jep jawohl klar gerne genau passt stimmt okay " + "да ага угу конечно хорошо ок окей подтверждаю верно " +
		"давай давайте " +
		"نعم اي إي ايوه أيوه ايوا أيوا اه آه أكيد اكيد موافق موافقة اوك أوك إيه تمام صح")
	noWords = wordSet("no nope n don't " + "não nao " + "non " + "nein nee " + "нет неа " + "لا لأ")
	// besideYes says what is to be done, or is polite.
	besideYes = wordSet("please send it do go ahead ask them him her the seller cancel submit i " +
		"por favor porfa pfv adelante mándaselo mandaselo mándalo mandalo pregúntale preguntale envíalo envialo envía hazlo " +
		"de acuerdo está esta " +
		"bien cancélalo cancelalo cancela que así todo es " + "pode enviar envia manda mandar cancelar cancela perguntar " +
		"mesmo tá ta bom está " +
		"allez-y vas-y envoyez envoie s'il vous plaît svp stp c'est bon demandez-lui annulez annule confirmez bien sûr " +
		"bitte abschicken schicken schick ab senden so mach mal los weg damit anfragen fragt ihn stornieren storniere gern " +
		"das ist richtig alles " +
		"пожалуйста отправляйте отправляй отправь отправьте отменяй отменяйте всё все верно можно так спросите " +
		"من فضلك لو سمحت ارسل أرسل أرسله ارسله ابعت ابعته الغيه ألغه الطلب")
	besideNo = wordSet(
		"thanks thank you keep it the my order do nothing send " + "gracias mejor " + "obrigado obrigada " + "merci " +
			"danke bitte nicht " + "не надо спасибо " + "شكرا شكرًا",
	)
	// yesChinese and noChinese are whole answers: Chinese leaves no spaces.
	yesChinese = wordSet(
		"是 是的 好 好的 好吧 对 对的 可以 行 嗯 嗯嗯 没错 确认 提交 发吧 发送 问吧 取消吧 可以提交 是的取消吧 对发吧 嗯发吧 好的发吧 对就这么发 就这样 嗯嗯对的发吧 嗯对 对的发吧 确定 没问题 可以的 ok",
	)
	noChinese = wordSet("不 不要 不用 不是 不了 算了 先不 别发 不发")
)

// only says whether a text is made of words of a first set and a second, with one of the first at least.
func only(text string, first, second map[string]bool) bool {
	any := false
	for _, word := range strings.Fields(text) {
		if any = any || first[word]; !first[word] && !second[word] {
			return false
		}
	}
	return any
}

// hearYes hears a typed yes or no to a last look.
func hearYes(yes, no string) bot.Hear {
	return func(_ *bot.View, m *bot.Message) (bot.Event, bool) {
		said := plainWords(m.Text)
		joined := strings.ReplaceAll(said, " ", "")
		switch {
		case len(m.Files) > 0:
			return bot.Event{}, false
		case only(said, yesWords, besideYes), yesChinese[joined], doItWords[said]:
			return bot.Event{Name: yes}, true
		case only(said, noWords, besideNo), noChinese[joined], keepItWords[said]:
			return bot.Event{Name: no}, true
		}
		return bot.Event{}, false
	}
}

// What is typed without a yes or a no.
var (
	doItWords = map[string]bool{
		"send it":        true,
		"do it":          true,
		"ask the seller": true,
		"ask them":       true,
		"go ahead":       true,
		"i confirm":      true,
		"please do":      true,
		"adelante":       true,
		"de acuerdo":     true,
		"abschicken":     true,
		"allez-y":        true,
		"vas-y":          true,
		"отправляйте":    true,
		"отправляй":      true,
		"isso mesmo":     true,
		"tá bom":         true,
		"c'est bon":      true,
	}
	keepItWords = map[string]bool{
		"keep it":        true,
		"do nothing":     true,
		"don't send it":  true,
		"keep the order": true,
		"keep my order":  true,
		"не надо":        true,
		"mejor no":       true,
		"lieber nicht":   true,
	}
)
