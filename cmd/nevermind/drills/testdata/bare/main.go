// Bare is the dialogue of TestCompare with as little around it as a durable bot can have: one bbolt file with what was handled,
// where each chat stands and what is still to be called; one writer, which commits whatever waits; calls as JSON. It has
// no words of policy, no orders, no journal, no rights, no limits: it is what the machine can do.
package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"time"

	"go.etcd.io/bbolt"
)

var (
	api    = os.Getenv("API") + "/bot" + os.Getenv("TOKEN") + "/"
	client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 256}}

	handled, chats, outbox = []byte("handled"), []byte("chats"), []byte("outbox")
)

type (
	update struct {
		ID      int64 `json:"update_id"`
		Message *struct {
			Chat struct{ ID int64 }
			Text string
		}
		Callback *struct {
			ID, Data string
			Message  struct {
				ID   int64 `json:"message_id"`
				Chat struct{ ID int64 }
			}
		} `json:"callback_query"`
	}
	// state is where a chat stands.
	state struct {
		Step     int
		Question int64 // the message that asks for the note
	}
	call struct {
		Method string
		Params map[string]any
	}
	button struct {
		Text string `json:"text"`
		Data string `json:"callback_data"`
	}
	// work is one change on its way to the writer.
	work struct {
		run  func(tx *bbolt.Tx) error
		done chan error
	}
)

var queue = make(chan work, 4096)

// commit hands a change to the writer and waits until it is durable.
func commit(run func(tx *bbolt.Tx) error) error {
	w := work{run, make(chan error, 1)}
	queue <- w
	return <-w.done
}

// write commits whatever waits, again and again.
func write(db *bbolt.DB) {
	for first := range queue {
		group := []work{first}
		for len(queue) > 0 && len(group) < 1000 {
			group = append(group, <-queue)
		}
		err := db.Update(func(tx *bbolt.Tx) error {
			for _, w := range group {
				if err := w.run(tx); err != nil {
					return err
				}
			}
			return nil
		})
		for _, w := range group {
			w.done <- err
		}
	}
}

func key(n int64) []byte { return binary.BigEndian.AppendUint64(nil, uint64(n)) }

// handle makes the turn of an update, durable when it returns, and has its calls made.
func handle(u *update) {
	var calls []call
	var first uint64
	err := commit(func(tx *bbolt.Tx) error {
		calls = nil
		seen := tx.Bucket(handled)
		if seen.Get(key(u.ID)) != nil {
			return nil
		}
		chat := int64(0)
		if u.Message != nil {
			chat = u.Message.Chat.ID
		} else if u.Callback != nil {
			chat = u.Callback.Message.Chat.ID
		}
		var s state
		if v := tx.Bucket(chats).Get(key(chat)); v != nil {
			if err := json.Unmarshal(v, &s); err != nil {
				return err
			}
		}
		calls = turn(&s, chat, u)
		v, _ := json.Marshal(s)
		out := tx.Bucket(outbox)
		err := errors.Join(seen.Put(key(u.ID), []byte{1}), tx.Bucket(chats).Put(key(chat), v))
		for _, c := range calls {
			n, _ := out.NextSequence()
			first = n
			text, _ := json.Marshal(c)
			err = errors.Join(err, out.Put(key(int64(n)), text))
		}
		first -= uint64(max(len(calls)-1, 0))
		return err
	})
	if err != nil {
		log.Fatal(err)
	}
	if len(calls) > 0 {
		go deliver(calls, first)
	}
}

// deliver makes calls, one after the other but for the answer to a press, and takes them out of the outbox.
func deliver(calls []call, first uint64) {
	for _, c := range calls {
		if c.Method == "answerCallbackQuery" {
			go make1(c)
			continue
		}
		make1(c)
	}
	err := commit(func(tx *bbolt.Tx) (err error) {
		for n := range calls {
			err = errors.Join(err, tx.Bucket(outbox).Delete(key(int64(first)+int64(n))))
		}
		return err
	})
	if err != nil {
		log.Fatal(err)
	}
}

func make1(c call) {
	if err := request(context.Background(), c.Method, c.Params, nil); err != nil {
		log.Println(c.Method, err)
	}
}

func request(ctx context.Context, method string, params, result any) error {
	body, err := json.Marshal(params)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, api+method, bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	resp, err := client.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%d %s %w", resp.StatusCode, text, err)
	}
	if result == nil {
		return nil
	}
	return json.Unmarshal(text, &struct{ Result any }{result})
}

// asked is the dialogue: the words of each step, and the buttons below them.
var asked = []struct{ words, buttons string }{
	{"Which order? You can also send me its number or a link to it.", "Bamboo lamp · 24.90 USD · being prepared|Desk fan · 24.90 USD|Linen curtain|Back"},
	{"Order 8000000000 · Bamboo lamp\nLumen House is preparing this order: Bamboo lamp, 24.90 USD. You can ask to cancel it now.",
		"Cancel this order|Write to the seller|Back"},
	{"Order 8000000000 · Bamboo lamp\nWhy would you like to cancel? Please give the true reason, whichever it is.",
		"I don't need it any more|Processing takes too long|The seller raised the price|Something else|Back"},
	{"Order 8000000000 · Bamboo lamp\nPlease check before I ask Lumen House:\n\n" + strings.Repeat("• What is asked for, and what it means.\n", 12),
		"Yes, ask the seller|Keep the order|Add a note or photos|Another reason|More"},
	{"Order 8000000000 · Bamboo lamp\nWhat should Lumen House know? Write it in one message, or send photos.", "No note|Back"},
	{"Order 8000000000 · Bamboo lamp\nPlease check before I ask Lumen House:\n\n• Your note: “…”\n" + strings.Repeat("• What is asked for, and what it means.\n", 12),
		"Yes, ask the seller|Keep the order|Add a note or photos|Another reason|More"},
	{"Order 8000000000 · Bamboo lamp\nAll right. Nothing was sent, and your order goes on as it is.", ""},
}

// turn is what a chat does next, and the calls that show it.
func turn(s *state, chat int64, u *update) (calls []call) {
	if u.Message != nil && u.Message.Text == "my orders" {
		s.Step = 0
	}
	a := asked[s.Step]
	s.Step = (s.Step + 1) % len(asked)
	var rows [][]button
	for i, text := range strings.Split(a.buttons, "|") {
		if text != "" {
			rows = append(rows, []button{{text, fmt.Sprint(s.Step, ":", i)}})
		}
	}
	params := map[string]any{"chat_id": chat, "text": a.words, "reply_markup": map[string]any{"inline_keyboard": rows}}
	if u.Callback == nil {
		calls = append(calls, call{"sendMessage", params})
		if s.Question != 0 {
			calls = append(calls, call{"editMessageReplyMarkup", map[string]any{"chat_id": chat, "message_id": s.Question}})
			s.Question = 0
		}
		return calls
	}
	params["message_id"] = u.Callback.Message.ID
	if a.buttons == "No note|Back" {
		s.Question = u.Callback.Message.ID
	}
	return []call{{"answerCallbackQuery", map[string]any{"callback_query_id": u.Callback.ID}}, {"editMessageText", params}}
}

func main() {
	log.SetFlags(0)
	db, err := bbolt.Open(os.Getenv("DATA"), 0o600, &bbolt.Options{FreelistType: bbolt.FreelistMapType, NoFreelistSync: true})
	if err == nil {
		err = db.Update(func(tx *bbolt.Tx) (err error) {
			for _, name := range [][]byte{handled, chats, outbox} {
				_, made := tx.CreateBucketIfNotExists(name)
				err = errors.Join(err, made)
			}
			return err
		})
	}
	if err != nil {
		log.Fatal(err)
	}
	go write(db)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if os.Getenv("MODE") == "webhook" {
		hook(ctx)
		return
	}
	poll(ctx)
}

// poll takes updates by getUpdates; what is acknowledged is on the disk.
func poll(ctx context.Context) {
	if err := request(ctx, "deleteWebhook", struct{}{}, nil); err != nil {
		log.Fatal(err)
	}
	fmt.Println("up")
	for offset := int64(0); ctx.Err() == nil; {
		var updates []update
		err := request(ctx, "getUpdates", map[string]any{"offset": offset, "timeout": 30, "allowed_updates": []string{"message", "callback_query"}}, &updates)
		if err != nil && ctx.Err() == nil {
			log.Println(err)
			<-time.After(time.Second)
		}
		stored := make(chan bool)
		for _, u := range updates {
			go func() { handle(&u); stored <- true }()
		}
		for _, u := range updates {
			<-stored
			offset = max(offset, u.ID+1)
		}
	}
}

// hook takes updates by a webhook; what is answered is on the disk.
func hook(ctx context.Context) {
	at := "127.0.0.1:" + os.Getenv("PORT")
	server := &http.Server{Addr: at, ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var u update
		if err := json.NewDecoder(r.Body).Decode(&u); err == nil {
			handle(&u)
		}
	})}
	go func() { log.Println(server.ListenAndServe()) }()
	err := request(ctx, "setWebhook", map[string]any{"url": "http://" + at + "/", "secret_token": "a-secret", "max_connections": 100,
		"allowed_updates": []string{"message", "callback_query"}}, nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("up")
	<-ctx.Done()
	_ = request(context.Background(), "deleteWebhook", struct{}{}, nil)
}
