package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"nevermind/adapters/telegram/telegramtest"
	"nevermind/store/postgres/postgrestest"
)

// TestErasedEverywhere: a buyer with more than two hundred canaries, one in each field that says something about them, is erased.
// Before, with a request open, that is refused, saying until when. Afterwards none of them is in the database read with its key,
// in a backup made before, export, log, metrics or any file; the request still replays and reads for the seller, whose own words
// are there.
func TestErasedEverywhere(t *testing.T) {
	t.Parallel()
	buyerLeaves(t)
}

// TestErasedEverywhereOnPostgres: the same where all of it is in a database.
func TestErasedEverywhereOnPostgres(t *testing.T) {
	t.Parallel()
	onlyInCI(t)
	buyerLeaves(t, inDatabase(t)...)
}

func buyerLeaves(t *testing.T, store ...string) {
	data := t.TempDir()
	h, s := serveTelegram(t, telegramtest.Open(t), data, webhookMode, store...)
	putOrder(h, func(o, item map[string]any) {
		o["url"], o["pay_url"] = canaryLink(205), canaryLink(206)
		o["coupon"] = map[string]any{"code": canaryOf(207), "amount": "0.50", "used": true}
		item["title"], item["url"], item["image_url"] = canaryOf(1)+" lamp", canaryLink(208), canaryLink(209)
	})
	ana, lumen := h.Join(77110011, "buyer", "b-1", canaryOf(2)+" Ana"), h.Join(22, "seller", "s-1", "Lumen House")
	h.Ask(ana, "8123456789012345")
	card := h.Await(ana, "I've asked Lumen House")
	for n := 3; n < 200; n += 50 {
		ana.Reply(card.ID, canariesOf(n, n+50))
		h.Await(lumen, canaryOf(n+49))
	}
	ana.Document(canaryOf(203)+".txt", []byte("the file says "+canaryOf(204)))
	h.Press(ana, "Yes, add it")
	h.Await(lumen, "adds to case")
	lumen.Reply(h.Await(lumen, canaryOf(3)).ID, "THEIR-ANSWER")
	h.Await(ana, "THEIR-ANSWER")
	who := leaving{t: t, s: s, log: h.Log, data: data, key: telegramtest.HouseKey, store: store,
		flag: "--buyer", id: "b-1", account: "77110011", state: "withdrawn", files: 1}
	who.mayNot("is open, until", "nothing can be erased before")
	h.Press(ana, "Less")
	h.Press(ana, "Withdraw my request")
	h.Press(ana, "Yes, withdraw it")
	h.Await(lumen, "no longer wants to cancel")
	acked(h)
	who.leavesNothing()
}

// TestErasedSellerEverywhere: the same of a seller, whose request reads for the buyer, with the buyer's own words.
func TestErasedSellerEverywhere(t *testing.T) {
	t.Parallel()
	sellerLeaves(t)
}

// TestErasedSellerEverywhereOnPostgres: the same where all of it is in a database.
func TestErasedSellerEverywhereOnPostgres(t *testing.T) {
	t.Parallel()
	onlyInCI(t)
	sellerLeaves(t, inDatabase(t)...)
}

func sellerLeaves(t *testing.T, store ...string) {
	data := t.TempDir()
	h, s := serveTelegram(t, telegramtest.Open(t), data, webhookMode, store...)
	putOrder(h, func(o, _ map[string]any) { o["return_address"] = canaryOf(1) + " Mill Lane\nLeeds" })
	ana, lumen := h.Join(22, "buyer", "b-1", "Ana"), h.Join(77110022, "seller", "s-1", canaryOf(2)+" House")
	h.Ask(ana, "8123456789012345")
	card := h.Await(lumen, "would like to cancel")
	for n := 3; n < 200; n += 50 {
		lumen.Reply(card.ID, canariesOf(n, n+50))
		h.Await(ana, canaryOf(n+49))
	}
	ana.Reply(h.Await(ana, canaryOf(3)).ID, "THEIR-ANSWER")
	h.Await(lumen, "THEIR-ANSWER")
	who := leaving{t: t, s: s, log: h.Log, data: data, key: telegramtest.HouseKey, store: store,
		flag: "--seller", id: "s-1", account: "77110022", state: "withdrawn", files: 1}
	who.mayNot("is open, until", "nothing can be erased before")
	lumen.Document(canaryOf(205)+".txt", []byte("the file says "+canaryOf(206)))
	h.Press(lumen, "Yes, add it")
	h.Await(ana, "adds to case")
	h.Press(lumen, "Less")
	h.Press(lumen, "Say no")
	h.Press(lumen, "Something else")
	lumen.Type("It is packed: " + canaryOf(210))
	h.Await(ana, canaryOf(210))
	h.Press(ana, "Keep the order")
	h.Press(ana, "Yes, keep it")
	h.Await(lumen, "no longer wants to cancel")
	acked(h)
	who.leavesNothing()
}

// putOrder puts the order 8123456789012345, with what is set in it or in its item.
func putOrder(h *telegramtest.House, set func(o, item map[string]any)) {
	h.T.Helper()
	item := map[string]any{"id": "1", "title": "A lamp", "quantity": 1, "price": "22.90"}
	o := map[string]any{"id": "8123456789012345", "buyer_id": "b-1", "seller_id": "s-1", "stage": "processing",
		"placed_at": "2026-11-20T09:00:00Z", "paid_at": "2026-11-20T09:05:00Z", "updated_at": "2026-11-20T09:05:00Z",
		"payment_method": "card", "currency": "USD", "total": "24.90", "shipping_fee": "2.50", "items": []any{item}}
	set(o, item)
	raw, err := json.Marshal(o)
	if err != nil {
		h.T.Fatal(err)
	}
	var put map[string]any
	h.Call("PUT", "/v1/orders/8123456789012345", string(raw), &put)
}

// leaving is somebody who is to be erased from a server, and has written canaries wherever they could. Whoever stays has written
// THEIR-ANSWER to them.
type leaving struct {
	t              *testing.T
	s              *started
	log            fmt.Stringer
	data, key      string   // the shop's
	store          []string // the settings of its store; none is a file in data
	flag, id       string
	account, state string // of theirs; how their request has ended
	files          int    // how many go with them
}

// run is a command on a data folder, and on the store beside it.
func (l leaving) run(data string, args ...string) ran {
	l.t.Helper()
	return command(l.t, "", append(append(args, "--data", data), l.store...)...)
}

// mayNot wants erasing to be refused, with some words.
func (l leaving) mayNot(words ...string) {
	l.t.Helper()
	l.run(l.data, "erase", l.flag, l.id).want(l.t, exitFailed, words...)
}

// leavesNothing erases them, stops the server, and wants none of their canaries anywhere, and the others' words everywhere.
func (l leaving) leavesNothing() {
	t, data, backup := l.t, l.data, filepath.Join(l.t.TempDir(), "before.zip")
	t.Helper()
	l.run(data, "backup", backup).want(t, exitDone)
	told := fmt.Sprint(exportOf(t, append([]string{"--data", data}, l.store...)...))
	if n := strings.Count(told, "CANARY-"); n < 200 {
		t.Fatalf("only %d canaries are told before: this tests nothing", n)
	}
	name := caseName.FindString(told)
	l.run(data, "erase", l.flag, l.id, "--why", "asked").
		want(t, exitDone, "Erased, with "+count(l.files, "file"))
	l.mayNot("erased before")
	_, metrics := fetch(t, l.s.url+"/metrics")
	l.run(data, "replay", name).want(t, exitDone)
	r, err := http.NewRequestWithContext(t.Context(), "GET", l.s.url+"/v1/cases/"+name, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+l.key)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	read, err := io.ReadAll(answer.Body)
	if err != nil || !bytes.Contains(read, []byte(`"state":"`+l.state+`"`)) {
		t.Errorf("the case reads as %s (%v)", read, err)
	}
	l.s.stop()
	l.nothingIn(map[string]string{"metrics": metrics, "the log": l.log.String(), "what the shop reads": string(read)})
	after := l.run(data, "export")
	after.want(t, exitDone, "THEIR-ANSWER")
	before := l.run(data, "export", "--from", backup)
	before.want(t, exitDone, "THEIR-ANSWER")
	l.nothingIn(map[string]string{"the export": after.out, "the backup's export": before.out})
	l.nothingStored(data, backup)
	l.nothingRestored(backup, name)
}

// nothingIn wants neither a canary nor their account in what anybody may read.
func (l leaving) nothingIn(texts map[string]string) {
	l.t.Helper()
	for what, text := range texts {
		noCanary(l.t, what, []byte(text), l.account)
	}
}

// nothingRestored restores a backup that was made before, and wants nothing of them in it.
func (l leaving) nothingRestored(backup, name string) {
	t, elsewhere := l.t, filepath.Join(l.t.TempDir(), "again")
	t.Helper()
	if l.store == nil {
		lendKey(t, l.data, elsewhere)
	} else {
		l.store = slices.Clone(l.store)
		l.store[1] = postgrestest.URL(t)
	}
	l.run(elsewhere, "restore", backup).want(t, exitDone)
	restored := l.run(elsewhere, "export")
	restored.want(t, exitDone)
	l.nothingIn(map[string]string{"the restored backup": restored.out})
	l.run(elsewhere, "replay", name).want(t, exitDone)
	l.nothingStored(elsewhere, backup)
}

// nothingStored wants no canary in any file, in any part of a backup, or in any row of the database.
func (l leaving) nothingStored(data, backup string) {
	t := l.t
	t.Helper()
	for name, content := range everyFile(t, data, backup) {
		noCanary(t, name, content)
	}
	if l.store == nil {
		return
	}
	rows := everyRow(t, l.store[1])
	if len(rows) < 10 {
		t.Errorf("only %d tables have rows: this tests nothing", len(rows))
	}
	for table, content := range rows {
		noCanary(t, table, content, l.account)
	}
}

// everyRow is all that stands in each table of a database, with its bytes as they are.
func everyRow(t *testing.T, at string) map[string][]byte {
	t.Helper()
	db, err := pgx.Connect(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close(context.WithoutCancel(t.Context()))
	names, err := db.Query(t.Context(), `select quote_ident(schemaname) || '.' || quote_ident(tablename) from pg_tables
		where schemaname not in ('pg_catalog', 'information_schema')`)
	if err != nil {
		t.Fatal(err)
	}
	tables, err := pgx.CollectRows(names, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]byte{}
	for _, table := range tables {
		rows, err := db.Query(t.Context(), "select * from "+table)
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			for _, raw := range rows.RawValues() {
				all[table] = append(append(all[table], raw...), '\n')
			}
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// canaryOf is a word that stands nowhere else.
func canaryOf(n int) string { return fmt.Sprintf("CANARY-%03d", n) }

// canaryLink is a link that stands nowhere else.
func canaryLink(n int) string { return "https://shop.example/" + canaryOf(n) }

func canariesOf(from, to int) string {
	var all []string
	for n := from; n < to; n++ {
		all = append(all, canaryOf(n))
	}
	return strings.Join(all, " ")
}

// noCanary fails where a text holds one, or one of other words.
func noCanary(t *testing.T, what string, text []byte, words ...string) {
	t.Helper()
	for _, word := range append(words, "CANARY-") {
		i := bytes.Index(text, []byte(word))
		if i < 0 {
			continue
		}
		line := text[bytes.LastIndexByte(text[:i], '\n')+1:]
		t.Errorf("%s holds %d of %s: %.300s … %s", what, bytes.Count(text, []byte(word)), word, line,
			text[max(0, i-300):min(len(text), i+60)])
	}
}
