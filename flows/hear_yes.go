package flows

import "nevermind/bot"

// yesWords and noWords are what people type instead of pressing the button of a last look, in any of the languages.
var (
	yesWords = map[string]bool{
		"yes": true, "yes please": true, "yep": true, "yeah": true, "y": true, "yes send it": true, "send it": true, "do it": true,
		"yes ask the seller": true, "ask the seller": true, "yes ask them": true, "ask them": true, "yes cancel it": true,
		"yes do it": true, "go ahead": true, "yes go ahead": true, "confirm": true, "i confirm": true, "please do": true, "sure": true,
		"sí": true, "si": true, "claro": true, "dale": true, "sim": true, "pode": true, "oui": true, "ouais": true, "d'accord": true,
		"ja": true, "ja bitte": true, "jawohl": true, "да": true, "ага": true, "давай": true, "давайте": true, "是": true, "是的": true,
		"好": true, "好的": true, "对": true, "可以": true, "نعم": true, "اي": true, "أيوه": true, "ايوه": true, "تمام": true,
	}
	noWords = map[string]bool{
		"no": true, "nope": true, "n": true, "no thanks": true, "no thank you": true, "don't": true, "keep it": true,
		"do nothing": true,
		"no keep it": true, "don't send it": true, "keep the order": true, "keep my order": true, "no keep the order": true,
		"no gracias": true, "não": true, "nao": true, "não obrigado": true, "non": true, "non merci": true, "nein": true,
		"nein danke": true, "nee": true, "нет": true, "не надо": true, "нет спасибо": true, "不": true, "不要": true, "不用": true,
		"不是": true, "لا": true, "لا شكرا": true,
	}
)

// hearYes hears a typed yes or no to a last look.
func hearYes(yes, no string) bot.Hear {
	return func(_ *bot.View, m *bot.Message) (bot.Event, bool) {
		switch said := plainWords(m.Text); {
		case len(m.Files) > 0:
			return bot.Event{}, false
		case yesWords[said]:
			return bot.Event{Name: yes}, true
		case noWords[said]:
			return bot.Event{Name: no}, true
		}
		return bot.Event{}, false
	}
}
