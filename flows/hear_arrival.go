package flows

import (
	"strings"

	"nevermind/bot"
)

// What somebody types, in any of the languages, who is asked whether their money is there: words that say so, words that deny
// it, and words that may stand beside either.
var (
	moneyThere = wordSet(
		"yes yep yeah arrived received got sí si llegó llego llegado recibí recibi sim chegou caiu recebi oui reçu arrivé " +
			"ja angekommen da erhalten bekommen да пришли пришло получил получила поступили نعم اي إي ايوه أيوه وصل وصلت وصلني " +
			"وصلتني استلمت",
	)
	moneyMissing = wordSet(
		"no nope not missing hasn't hasnt nothing isn't todavía todavia aún aun nada não nao ainda nunca non pas rien toujours " +
			"encore nein nicht nichts noch kein нет не ещё еще ничего لا لم ما لسه لسا بعد شي شيء",
	)
	besideMoney = wordSet("yes yep yeah it is it's its there has i have the money yet come in my account thanks thank you " +
		"sí si ya lo tengo me mi dinero plata está ha en la cuenta gracias llegó llego llegado recibí recibido " +
		"sim já ja o dinheiro meu a na conta tudo certo obrigado obrigada chegou caiu recebi veio " +
		"oui je l'ai j'ai l'argent c'est bon il est bien merci sur mon compte reçu arrivé arrivés " +
		"ja das geld es ist da auf dem meinem konto danke angekommen erhalten bekommen gekommen " +
		"да уже деньги всё все спасибо пришли пришло приходили приходило поступили на карту счёт " +
		"نعم اي ايوه الفلوس المال المبلغ الحمدلله شكرا شكرًا وصل وصلت يصل توصل وصلني وصلتني بعدها الحساب")
	thereChinese   = wordSet("是 是的 到了 到账了 已到账 收到了 已收到 收到 到了谢谢 收到了谢谢 已经到了 已经到账")
	missingChinese = wordSet("没有 没 没到 没到账 还没到账 还没到 还没有 没收到 还没收到 没有到账 没有收到 不是 不在")
)

// arrivalSaid is what a text says about money: "arrived", "missed", or nothing that is sure.
func arrivalSaid(text string) (string, bool) {
	said := plainWords(text)
	joined := strings.ReplaceAll(said, " ", "")
	switch {
	case missingChinese[joined], only(said, moneyMissing, besideMoney):
		return "missed", true
	case thereChinese[joined], only(said, moneyThere, besideMoney):
		return "arrived", true
	}
	return "", false
}

// hearArrival hears a yes or no to the one open question whether money has arrived, where nothing else is being asked. A no
// to the question half-way only means that it is not there yet.
func hearArrival(v *bot.View, m *bot.Message) (bot.Event, bool) {
	said, ok := arrivalSaid(m.Text)
	if !ok || v.Look == nil || v.Actor.Party() != bot.Buyer || len(v.Conv.Aside) > 0 {
		return bot.Event{}, false
	}
	facts := bot.Facts{}
	for _, c := range v.Look.Cases("open:"+string(v.Actor.ID), "arrival", 20) {
		halfway := c.State == "watching_arrival" && c.Facts["asked_halfway"] != ""
		switch {
		case !halfway && c.State != "asking_arrival":
			continue
		case facts["arrival"] != "":
			return bot.Event{}, false // which of them?
		case halfway:
			facts["arrival_halfway"] = "yes"
		}
		facts["arrival"] = string(c.Key)
	}
	return bot.Event{Name: "arrival_" + said, Facts: facts}, facts["arrival"] != ""
}

// tellArrival passes a typed yes or no on to whoever asked.
func tellArrival(event string) bot.Ask {
	return func(_ *bot.View, e *bot.Event) (bot.Key, bot.Event) {
		if event == "missed" && e.Facts["arrival_halfway"] != "" {
			return bot.Key(e.Facts["arrival"]), bot.Event{Name: "not_yet"}
		}
		return bot.Key(e.Facts["arrival"]), bot.Event{Name: event}
	}
}
