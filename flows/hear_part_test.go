package flows

import (
	"strings"
	"testing"

	"nevermind/bot"
)

// TestPartsInWords: a part of an order is meant by how many of what, or by a title beside a word such as "only", in every
// language; "?" before what is not sure, and needs a question.
func TestPartsInWords(t *testing.T) {
	for _, c := range []struct{ language, titles, text, want string }{
		{"en", "Lamp|Umbrella", "cancel just one of the two lamps", "a=1"},
		{"es", "Lámpara|Paraguas", "cancela solo una de las dos lámparas", "a=1"},
		{"pt-BR", "Luminária|Guarda-chuva", "cancela só uma das duas luminárias", "a=1"},
		{"fr", "Lampe|Parapluie", "annulez seulement une des deux lampes", "a=1"},
		{"de", "Lampe|Regenschirm", "bitte nur eine der beiden Lampen stornieren", "a=1"},
		{"ru", "Лампа|Зонт", "отмените только одну из двух ламп", "a=1"},
		{"zh-Hans", "台灯|雨伞", "两个台灯只取消一个", "a=1"},
		{"ar", "لمبة|مظلة", "الغي واحدة بس من اللمبتين", "a=1"},

		{"en", "Lamp|Umbrella", "cancel only the umbrella", "b=1"},
		{"es", "Lámpara|Paraguas", "solo quiero cancelar el paraguas", "b=1"},
		{"pt-BR", "Luminária|Guarda-chuva", "cancela só o guarda-chuva", "b=1"},
		{"fr", "Lampe|Parapluie", "annuler uniquement le parapluie", "b=1"},
		{"de", "Lampe|Regenschirm", "bitte nur den Schirm stornieren", "b=1"},
		{"ru", "Лампа|Зонт", "отмените только зонтик", "b=1"},
		{"zh-Hans", "台灯|雨伞", "只取消雨伞", "b=1"},
		{"ar", "لمبة|مظلة", "الغي المظلة بس", "b=1"},

		{"en", "Lamp|Umbrella", "cancel the umbrella", "? b=1"},
		{"de", "Lampe|Regenschirm", "nur einen Teil stornieren", "?"},
		{"fr", "Lampe|Parapluie", "annuler une partie seulement", "?"},
		{"ru", "Лампа|Зонт", "отменить только часть заказа", "?"},
		{"es", "Lámpara|Paraguas", "solo quiero cancelar mi pedido", ""},
		{"pt-BR", "Luminária|Guarda-chuva", "só quero cancelar uma compra", ""},
		{"de", "Lampe|Regenschirm", "ich will nur eine Bestellung stornieren", ""},
		{"zh-Hans", "台灯|雨伞", "只取消一个订单", ""},
		{"en", "Lamp|Umbrella", "cancel my lamp order", ""},
	} {
		titles := strings.Split(c.titles, "|")
		price := bot.Money{Minor: 1000, Currency: "USD"}
		o := bot.Order{ID: "8", Stage: bot.Processing, Total: bot.Money{Minor: 3000, Currency: "USD"}, Items: []bot.Item{
			{ID: "a", Title: titles[0], Quantity: 2, Price: price, Counted: true},
			{ID: "b", Title: titles[1], Quantity: 1, Price: price, Counted: true},
		}}
		meant, got := partsMeant(&o, o.OpenParts(), c.text, c.language), ""
		if meant.some {
			got = bot.WriteParts(meant.parts)
			if !meant.sure {
				got = strings.TrimSpace("? " + got)
			}
		}
		if got != c.want {
			t.Errorf("%s: %q is %q, want %q", c.language, c.text, got, c.want)
		}
	}
}
