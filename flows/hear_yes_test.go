package flows

import (
	"testing"

	"nevermind/bot"
)

// TestYesAndNoInWords: what people answered a last look with, in eight languages; none of it may become a note or be refused.
func TestYesAndNoInWords(t *testing.T) {
	hear := hearYes("yes", "no", sending.and(cancelling))
	for said, want := range map[string]string{
		"yes please": "yes", "yep go ahead": "yes", "ok": "yes", "sí por favor": "yes", "si porfa": "yes", "sí, cancélalo": "yes",
		"sí, pregúntale": "yes", "de acuerdo": "yes", "sim por favor": "yes", "isso mesmo": "yes", "sim pode enviar": "yes",
		"oui allez-y": "yes", "oui s'il vous plaît": "yes", "c'est bon, envoyez": "yes", "ja, abschicken": "yes", "ja " +
			"gerne": "yes",
		"jo": "yes", "да, отправляйте": "yes", "да, пожалуйста": "yes", "конечно": "yes", "نعم من فضلك": "yes", "اي ارسل": "yes",
		"أكيد": "yes", "嗯嗯 对的 发吧": "yes", "可以 提交": "yes", "是的，取消吧": "yes",
		"no thanks": "no", "no gracias": "no", "não obrigado": "no", "non merci": "no", "nein danke": "no", "не надо": "no",
		"لا، شكرا": "no", "不要": "no",
		"si no ha salido, sí": "", "only the lamp": "", "не весь заказ": "", "ja aber nur die Lampe": "", "yes but the red " +
			"one": "", "": "",
	} {
		e, ok := hear(nil, &bot.Message{Text: said})
		if e.Name != want || ok != (want != "") {
			t.Errorf("%q: got %q, want %q", said, e.Name, want)
		}
	}
}

// TestYesIsToWhatIsAsked: a word about cancelling is no yes to sending something else, and what is not clear is neither.
func TestYesIsToWhatIsAsked(t *testing.T) {
	hear := hearYes("yes", "no", sending)
	for said, want := range map[string]string{
		"yes, send it": "yes", "ok": "yes", "ok, cancel it": "", "sí, cancélalo": "", "取消吧": "", "c'est": "", "no, send it": "",
	} {
		if e, _ := hear(nil, &bot.Message{Text: said}); e.Name != want {
			t.Errorf("%q: got %q, want %q", said, e.Name, want)
		}
	}
}

// TestArrivalInWords: what people answer who are asked whether their money is there.
func TestArrivalInWords(t *testing.T) {
	for said, want := range map[string]string{
		"yes": "arrived", "got it": "arrived", "it has arrived, thanks": "arrived", "sí ya llegó": "arrived", "sim, já " +
			"caiu": "arrived",
		"oui c'est bon je l'ai reçu": "arrived", "ja, ist da": "arrived", "да, пришли, спасибо": "arrived", "وصلت الفلوس " +
			"الحمدلله": "arrived",
		"到账了": "arrived", "no": "missed", "not yet": "missed", "todavía no": "missed", "no ha llegado": "missed", "ainda " +
			"não caiu": "missed",
		"non toujours rien": "missed", "nein, ist nicht da": "missed", "ещё нет": "missed", "нет, не " +
			"пришли": "missed", "لا، لم يصل": "missed",
		"还没到账": "missed", "5 dollars came": "", "where is my parcel": "", "": "",
	} {
		if got, _ := arrivalSaid(said); got != want {
			t.Errorf("%q: got %q, want %q", said, got, want)
		}
	}
}
