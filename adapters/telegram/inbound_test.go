package telegram

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"nevermind/bot"
)

var self = identity{id: 700, name: "shop_bot"}

// Parts of updates as Telegram sends them.
const (
	ana = `"from":{"id":11,"is_bot":false,"first_name":"Ana","language_code":"es"},` +
		`"chat":{"id":11,"type":"private","first_name":"Ana"},"date":1700000000`
	inGroup = `"from":{"id":11,"is_bot":false,"first_name":"Ana"},` +
		`"chat":{"id":-100500,"type":"supergroup","title":"Family"},"date":1700000000`
	byBot = `"reply_to_message":{"message_id":40,"date":1,"chat":{"id":11,"type":"private"},` +
		`"from":{"id":700,"is_bot":true,"first_name":"Shop"},"text":"Where it stands"}`
	byAna = `"reply_to_message":{"message_id":41,"date":1,"chat":{"id":11,"type":"private"},` +
		`"from":{"id":11,"is_bot":false,"first_name":"Ana"},"text":"mine"}`
	anonymous = `"sender_chat":{"id":-100500,"type":"supergroup"},"from":{"id":1087968824,"is_bot":true,"first_name":"Group"},` +
		`"chat":{"id":-100500,"type":"supergroup"},"date":1`
	channel = `"sender_chat":{"id":-7,"type":"channel"},"from":{"id":777000,"is_bot":false,"first_name":"Telegram"},` +
		`"chat":{"id":-100500,"type":"supergroup"},"date":1`
	editedByAna = `"edited_message":{"message_id":5,` + ana + `,"edit_date":1700000001,`
	pressByAna  = `"callback_query":{"id":"77","from":{"id":11,"is_bot":false,"first_name":"Ana"},"chat_instance":"1","data":"tok",`
	command     = `"entities":[{"type":"bot_command","offset":0,"length":`
)

// fromAna is an update with a message of Ana's in her private chat, and fromGroup one with hers in a group.
func fromAna(fields string) string { return `"message":{"message_id":5,` + ana + `,` + fields + `}` }
func fromGroup(fields string) string {
	return `"message":{"message_id":5,` + inGroup + `,` + fields + `}`
}

// withButtons is a reply to a message of a user with buttons, the first of them a link.
func withButtons(user string) string {
	return `"reply_to_message":{"message_id":40,"date":1,"chat":{"id":11,"type":"private"},` +
		`"from":{"id":` + user + `,"is_bot":true},` +
		`"reply_markup":{"inline_keyboard":[[{"text":"site","url":"https://x"}],[{"text":"Yes","callback_data":"tok"},` +
		`{"text":"No","callback_data":"tok2"}]]}}`
}

// private is the message of an update in Ana's private chat, and group that of one in the group.
func private(change func(*bot.Message)) bot.Message {
	m := bot.Message{ID: "tg:700:9", Room: "telegram:11", Account: "telegram:11"}
	change(&m)
	return m
}

func group(change func(*bot.Message)) bot.Message {
	m := bot.Message{ID: "tg:700:9", Room: "telegram:-100500", Account: "telegram:11", Public: true}
	change(&m)
	return m
}

// text is a change that sets the text, and unsupported one that sets what the message is besides.
func text(s string) func(*bot.Message) { return func(m *bot.Message) { m.Text = s } }
func unsupported(o bot.Unsupported) func(*bot.Message) {
	return func(m *bot.Message) { m.Unsupported = o }
}

// translation is an update and the message wanted of it; the zero message is none.
type translation struct {
	update string
	want   bot.Message
}

func checkMessages(t *testing.T, cases map[string]translation) {
	t.Helper()
	for name, c := range cases {
		var u update
		if err := json.Unmarshal([]byte(`{"update_id":9,`+c.update+`}`), &u); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if c.want.ID != "" && strings.Contains(c.update, `"language_code":"es"`) {
			c.want.Language = "es"
		}
		got, ours := message(&u, self)
		if ours != (c.want.ID != "") || ours && !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s:\ngot  %+v (%v)\nwant %+v", name, got, ours, c.want)
		}
	}
}

func TestMessageText(t *testing.T) {
	checkMessages(t, map[string]translation{
		"text":    {fromAna(`"text":"hola"`), private(text("hola"))},
		"command": {fromAna(`"text":"/orders",` + command + `7}]`), private(text("/orders"))},
		"command with the bot's name": {fromAna(`"text":"/orders@shop_bot 8123 🙂",` + command + `16}]`),
			private(text("/orders 8123 🙂"))},
		"command behind an emoji is text": {
			fromAna(`"text":"🙂 /start@shop_bot","entities":[{"type":"bot_command","offset":3,"length":15}]`),
			private(text("🙂 /start@shop_bot"))},
		"an entity out of bounds": {fromAna(`"text":"/a",` + command + `900}]`), private(text("/a"))},
		"link": {fromAna(`"text":"/start abc-DEF_1",` + command + `6}]`),
			private(func(m *bot.Message) { m.Text, m.Link = "/start", "abc-DEF_1" })},
		"reply to the bot": {fromAna(`"text":"yes",` + byBot), private(func(m *bot.Message) { m.Text, m.ReplyTo = "yes", "40" })},
		"reply to the bot's buttons": {fromAna(`"text":"yes",` + withButtons("700")),
			private(func(m *bot.Message) { m.Text, m.ReplyTo, m.ReplyPress = "yes", "40", "tok" })},
		"reply to somebody's buttons": {fromAna(`"text":"yes",` + withButtons("701")), private(text("yes"))},
		"reply to herself":            {fromAna(`"text":"yes",` + byAna), private(text("yes"))},
		"photo": {fromAna(`"photo":[{"file_id":"a","file_unique_id":"b","width":1,"height":1}],"caption":"broken"`),
			private(text("broken"))},
		"album": {fromAna(`"media_group_id":"137","caption":"look","photo":[]`),
			private(func(m *bot.Message) { m.Text, m.Album = "look", "137" })},
	})
}

func TestMessagePress(t *testing.T) {
	press := func(m *bot.Message) { m.Press = "tok" }
	checkMessages(t, map[string]translation{
		"press": {pressByAna + `"message":{"message_id":40,"date":1700000000,"chat":{"id":11,"type":"private"}}}`, private(press)},
		"press below an old message": {pressByAna + `"message":{"message_id":40,"date":0,"chat":{"id":11,"type":"private"}}}`,
			private(press)},
		"press in a group": {pressByAna + `"message":{"message_id":40,"date":1,"chat":{"id":-100500,"type":"supergroup"}}}`,
			group(press)},
		"press without its message":        {pressByAna + `"inline_message_id":"x"}`, private(press)},
		"press with a message of no chat":  {pressByAna + `"message":{"message_id":40}}`, private(press)},
		"press with a new kind of message": {pressByAna + `"message":"x"}`, private(press)},
		"press without anybody":            {`"callback_query":{"id":"77","data":"tok"}`, bot.Message{}},
		"press without a token":            {`"callback_query":{"id":"77","from":{"id":11},"game_short_name":"x"}`, bot.Message{}},
	})
}

func TestMessageUnsupported(t *testing.T) {
	checkMessages(t, map[string]translation{
		"sticker":       {fromAna(`"sticker":{"file_id":"a","type":"regular"}`), private(unsupported(bot.Sticker))},
		"animation":     {fromAna(`"animation":{"file_id":"a"},"document":{"file_id":"a"}`), private(unsupported(bot.Sticker))},
		"location":      {fromAna(`"location":{"latitude":1,"longitude":2}`), private(unsupported(bot.Place))},
		"contact":       {fromAna(`"contact":{"phone_number":"1","first_name":"B","user_id":12}`), private(unsupported(bot.Contact))},
		"poll":          {fromAna(`"poll":{"id":"1","question":"?"}`), private(unsupported(bot.Poll))},
		"something new": {fromAna(`"hologram":{"x":1}`), private(unsupported(bot.Other))},
		"forwarded": {
			fromAna(`"text":"I approve","forward_origin":{"type":"hidden_user","date":1,"sender_user_name":"Seller"}`),
			private(func(m *bot.Message) { m.Text, m.Unsupported = "I approve", bot.Forwarded })},
		"a new kind of forward": {fromAna(`"text":"x","forward_origin":{"type":"teleported"}`),
			private(func(m *bot.Message) { m.Text, m.Unsupported = "x", bot.Forwarded })},
		"edited":               {editedByAna + `"text":"/start abc"}`, private(unsupported(bot.Edited))},
		"live location moves":  {editedByAna + `"location":{"latitude":1,"longitude":2}}`, bot.Message{}},
		"pinned":               {fromAna(`"pinned_message":{"message_id":40,"date":1}`), bot.Message{}},
		"write access":         {fromAna(`"write_access_allowed":{}`), bot.Message{}},
		"a kind not asked for": {`"poll":{"id":"1"}`, bot.Message{}},
		"blocked":              {memberOfAna("member", "kicked"), bot.Message{}},
	})
}

// memberOfAna is an update which says that the bot's membership of Ana's private chat has changed.
func memberOfAna(before, now string) string {
	return `"my_chat_member":{"chat":{"id":11,"type":"private"},"from":{"id":11},"date":1,` +
		`"old_chat_member":{"status":"` + before + `"},"new_chat_member":{"status":"` + now + `"}}`
}

func TestMessageInGroup(t *testing.T) {
	nobody := func(m *bot.Message) { m.Account, m.Text, m.ReplyTo = "", "x", "40" }
	checkMessages(t, map[string]translation{
		"not for the bot":   {fromGroup(`"text":"cancel my order"`), bot.Message{}},
		"for another bot":   {fromGroup(`"text":"/start@other_bot",` + command + `16}]`), bot.Message{}},
		"the bot's command": {fromGroup(`"text":"/orders@Shop_Bot",` + command + `16}]`), group(text("/orders"))},
		"mentioned": {fromGroup(`"text":"👋 @shop_bot hi","entities":[{"type":"mention","offset":3,"length":9}]`),
			group(text("👋 @shop_bot hi"))},
		"anonymous administrator": {`"message":{"message_id":5,` + anonymous + `,"text":"x",` + byBot + `}`, group(nobody)},
		"linked channel":          {`"message":{"message_id":5,` + channel + `,"text":"x",` + byBot + `}`, group(nobody)},
	})
}
