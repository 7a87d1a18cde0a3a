package telegram

import (
	"encoding/json"
	"reflect"
	"testing"

	"nevermind/bot"
)

var self = me{id: 700, name: "shop_bot"}

const (
	ana     = `"from":{"id":11,"is_bot":false,"first_name":"Ana","language_code":"es"},"chat":{"id":11,"type":"private","first_name":"Ana"},"date":1700000000`
	inGroup = `"from":{"id":11,"is_bot":false,"first_name":"Ana"},"chat":{"id":-100500,"type":"supergroup","title":"Family"},"date":1700000000`
	byUs    = `{"message_id":40,"date":1,"chat":{"id":11,"type":"private"},"from":{"id":700,"is_bot":true,"first_name":"Shop"},"text":"Where it stands"}`
	byAna   = `{"message_id":41,"date":1,"chat":{"id":11,"type":"private"},"from":{"id":11,"is_bot":false,"first_name":"Ana"},"text":"mine"}`
)

// TestMessage reads updates as Telegram sends them.
func TestMessage(t *testing.T) {
	said := bot.Message{ID: "tg:700:9", Room: "telegram:11", Account: "telegram:11"}
	with := func(change func(*bot.Message)) bot.Message { m := said; change(&m); return m }
	group := with(func(m *bot.Message) { m.Room, m.Public = "telegram:-100500", true })
	for name, c := range map[string]struct {
		update string
		want   bot.Message // the zero Message: not ours
	}{
		"text": {`"message":{"message_id":5,` + ana + `,"text":"hola"}`, with(func(m *bot.Message) { m.Text = "hola" })},
		"command": {`"message":{"message_id":5,` + ana + `,"text":"/orders","entities":[{"type":"bot_command","offset":0,"length":7}]}`,
			with(func(m *bot.Message) { m.Text = "/orders" })},
		"command with our name": {`"message":{"message_id":5,` + ana + `,"text":"/orders@shop_bot 8123 🙂","entities":[{"type":"bot_command","offset":0,"length":16}]}`,
			with(func(m *bot.Message) { m.Text = "/orders 8123 🙂" })},
		"command behind an emoji is text": {`"message":{"message_id":5,` + ana + `,"text":"🙂 /start@shop_bot","entities":[{"type":"bot_command","offset":3,"length":15}]}`,
			with(func(m *bot.Message) { m.Text = "🙂 /start@shop_bot" })},
		"a mark out of bounds": {`"message":{"message_id":5,` + ana + `,"text":"/a","entities":[{"type":"bot_command","offset":0,"length":900}]}`,
			with(func(m *bot.Message) { m.Text = "/a" })},
		"link": {`"message":{"message_id":5,` + ana + `,"text":"/start abc-DEF_1","entities":[{"type":"bot_command","offset":0,"length":6}]}`,
			with(func(m *bot.Message) { m.Text, m.Link = "/start", "abc-DEF_1" })},
		"reply to us":     {`"message":{"message_id":5,` + ana + `,"text":"yes","reply_to_message":` + byUs + `}`, with(func(m *bot.Message) { m.Text, m.ReplyTo = "yes", "40" })},
		"reply to itself": {`"message":{"message_id":5,` + ana + `,"text":"yes","reply_to_message":` + byAna + `}`, with(func(m *bot.Message) { m.Text = "yes" })},
		"press": {`"callback_query":{"id":"77","from":{"id":11,"is_bot":false,"first_name":"Ana"},"message":{"message_id":40,"date":1700000000,"chat":{"id":11,"type":"private"}},"chat_instance":"1","data":"tok"}`,
			with(func(m *bot.Message) { m.Press = "tok" })},
		"press below an old message": {`"callback_query":{"id":"77","from":{"id":11,"is_bot":false,"first_name":"Ana"},"message":{"message_id":40,"date":0,"chat":{"id":11,"type":"private"}},"chat_instance":"1","data":"tok"}`,
			with(func(m *bot.Message) { m.Press = "tok" })},
		"press in a group":   {`"callback_query":{"id":"77","from":{"id":11,"is_bot":false,"first_name":"Ana"},"message":{"message_id":40,"date":1,"chat":{"id":-100500,"type":"supergroup"}},"chat_instance":"1","data":"tok"}`, func() bot.Message { m := group; m.Press = "tok"; return m }()},
		"press without data": {`"callback_query":{"id":"77","from":{"id":11,"is_bot":false,"first_name":"Ana"},"inline_message_id":"x","chat_instance":"1","data":"tok"}`, bot.Message{}},
		"photo":              {`"message":{"message_id":5,` + ana + `,"photo":[{"file_id":"a","file_unique_id":"b","width":1,"height":1}],"caption":"broken"}`, with(func(m *bot.Message) { m.Text = "broken" })},
		"sticker":            {`"message":{"message_id":5,` + ana + `,"sticker":{"file_id":"a","file_unique_id":"b","type":"regular"}}`, with(func(m *bot.Message) { m.Unsupported = bot.Sticker })},
		"animation":          {`"message":{"message_id":5,` + ana + `,"animation":{"file_id":"a"},"document":{"file_id":"a"}}`, with(func(m *bot.Message) { m.Unsupported = bot.Sticker })},
		"location":           {`"message":{"message_id":5,` + ana + `,"location":{"latitude":1,"longitude":2}}`, with(func(m *bot.Message) { m.Unsupported = bot.Place })},
		"contact":            {`"message":{"message_id":5,` + ana + `,"contact":{"phone_number":"1","first_name":"B","user_id":12}}`, with(func(m *bot.Message) { m.Unsupported = bot.Contact })},
		"poll":               {`"message":{"message_id":5,` + ana + `,"poll":{"id":"1","question":"?"}}`, with(func(m *bot.Message) { m.Unsupported = bot.Poll })},
		"something new":      {`"message":{"message_id":5,` + ana + `,"hologram":{"x":1}}`, with(func(m *bot.Message) { m.Unsupported = bot.Other })},
		"forwarded": {`"message":{"message_id":5,` + ana + `,"text":"I approve","forward_origin":{"type":"hidden_user","date":1,"sender_user_name":"Seller"}}`,
			with(func(m *bot.Message) { m.Text, m.Unsupported = "I approve", bot.Forwarded })},
		"a new kind of forward": {`"message":{"message_id":5,` + ana + `,"text":"x","forward_origin":{"type":"teleported"}}`, with(func(m *bot.Message) { m.Text, m.Unsupported = "x", bot.Forwarded })},
		"edited":                {`"edited_message":{"message_id":5,` + ana + `,"edit_date":1700000001,"text":"/start abc"}`, with(func(m *bot.Message) { m.Unsupported = bot.Edited })},
		"live location moves":   {`"edited_message":{"message_id":5,` + ana + `,"edit_date":1700000001,"location":{"latitude":1,"longitude":2}}`, bot.Message{}},
		"album":                 {`"message":{"message_id":5,"media_group_id":"137",` + ana + `,"caption":"look","photo":[]}`, with(func(m *bot.Message) { m.Text, m.Album = "look", "137" })},
		"pinned":                {`"message":{"message_id":5,` + ana + `,"pinned_message":` + byUs + `}`, bot.Message{}},
		"write access":          {`"message":{"message_id":5,` + ana + `,"write_access_allowed":{}}`, bot.Message{}},
		"blocked":               {`"my_chat_member":{"chat":{"id":11,"type":"private"},"from":{"id":11},"date":1,"old_chat_member":{"status":"member"},"new_chat_member":{"status":"kicked"}}`, bot.Message{}},
		"group, not for us":     {`"message":{"message_id":5,` + inGroup + `,"text":"cancel my order"}`, bot.Message{}},
		"group, other bot":      {`"message":{"message_id":5,` + inGroup + `,"text":"/start@other_bot","entities":[{"type":"bot_command","offset":0,"length":16}]}`, bot.Message{}},
		"group, our command": {`"message":{"message_id":5,` + inGroup + `,"text":"/orders@Shop_Bot","entities":[{"type":"bot_command","offset":0,"length":16}]}`,
			func() bot.Message { m := group; m.Text = "/orders"; return m }()},
		"group, named": {`"message":{"message_id":5,` + inGroup + `,"text":"👋 @shop_bot hi","entities":[{"type":"mention","offset":3,"length":9}]}`,
			func() bot.Message { m := group; m.Text = "👋 @shop_bot hi"; return m }()},
		"anonymous administrator": {`"message":{"message_id":5,"sender_chat":{"id":-100500,"type":"supergroup"},"from":{"id":1087968824,"is_bot":true,"first_name":"Group"},"chat":{"id":-100500,"type":"supergroup"},"date":1,"text":"x","reply_to_message":` + byUs + `}`,
			func() bot.Message { m := group; m.Account, m.Text, m.ReplyTo = "", "x", "40"; return m }()},
		"linked channel": {`"message":{"message_id":5,"sender_chat":{"id":-7,"type":"channel"},"from":{"id":777000,"is_bot":false,"first_name":"Telegram"},"chat":{"id":-100500,"type":"supergroup"},"date":1,"text":"x","reply_to_message":` + byUs + `}`,
			func() bot.Message { m := group; m.Account, m.Text, m.ReplyTo = "", "x", "40"; return m }()},
		"nothing we asked for": {`"poll":{"id":"1"}`, bot.Message{}},
	} {
		var u update
		if err := json.Unmarshal([]byte(`{"update_id":9,`+c.update+`}`), &u); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		got, ours := message(&u, self)
		if ours != (c.want.ID != "") || ours && !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s:\ngot  %+v (%v)\nwant %+v", name, got, ours, c.want)
		}
	}
}
