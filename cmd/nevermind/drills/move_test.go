package drills

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"nevermind/bot"
	"nevermind/store/bolt"
	"nevermind/store/encryption"
	"nevermind/store/postgres/postgrestest"
)

// TestMoveKilled moves 100,000 cases (NEVERMIND_MOVE) from a file into a database and back, by the program, which is killed a few
// times on the way and goes on: what each exports is the same to the byte.
func TestMoveKilled(t *testing.T) {
	if !long {
		t.Skip("a hundred thousand cases: by make drills")
	}
	cases := 100_000
	if n, err := strconv.Atoi(os.Getenv("NEVERMIND_MOVE")); err == nil {
		cases = n
	}
	cluster, err := postgrestest.Start()
	if err != nil {
		t.Skip("there is no PostgreSQL to move to: ", err)
	}
	defer cluster.Stop()
	data := filepath.Join(t.TempDir(), "data")
	must(t, os.MkdirAll(data, 0o700))
	m := mover{t: t, env: []string{"NEVERMIND_DATA=" + data, "NEVERMIND_KEY_FILE=" + data + ".key",
		"NEVERMIND_KEYRING=" + cluster.Database(t), "HOME=" + data}}
	from, database, to := filepath.Join(data, "nevermind.db"), cluster.Database(t), filepath.Join(data, "back.db")
	fill(t, from, data, cases)
	want := m.exported("bolt:" + from)
	m.moves("bolt:"+from, database)
	if got := m.exported(database); got != want {
		t.Errorf("the database exports %s, want %s", got, want)
	}
	must(t, os.Rename(from, from+".before"))
	m.moves(database, "bolt:"+to)
	if got := m.exported("bolt:" + to); got != want {
		t.Errorf("the file exports %s, want %s", got, want)
	}
}

// mover runs the program.
type mover struct {
	t   *testing.T
	env []string
}

func (m *mover) command(args ...string) *exec.Cmd {
	c := exec.CommandContext(m.t.Context(), program(m.t), args...)
	c.Env = m.env
	return c
}

// exported is a digest of what a store exports, with the number of lines.
func (m *mover) exported(store string) string {
	c := m.command("export")
	if store[:5] != "bolt:" {
		c.Env = append(c.Env, "NEVERMIND_STORE="+store)
	} else {
		c.Env = append(c.Env[:len(c.Env):len(c.Env)], "NEVERMIND_STORE="+store, "NEVERMIND_KEYRING=")
	}
	var errs bytes.Buffer
	c.Stderr = &errs
	out, err := c.StdoutPipe()
	must(m.t, err)
	must(m.t, c.Start())
	sum, lines := sha256.New(), 0
	in := bufio.NewScanner(out)
	in.Buffer(nil, 16<<20)
	for in.Scan() {
		lines++
		sum.Write(append(in.Bytes(), '\n'))
	}
	if err := c.Wait(); err != nil {
		m.t.Fatalf("export: %v\n%s", err, errs.String())
	}
	return fmt.Sprintf("%d lines, %s", lines, hex.EncodeToString(sum.Sum(nil)[:8]))
}

// moves moves, killed after the first, second and third line that says how far it is.
func (m *mover) moves(from, to string) {
	begun, killed := time.Now(), 0
	for kill := 1; ; kill++ {
		c := m.command("move", from, to)
		var out bytes.Buffer
		c.Stdout = &out
		errs, err := c.StderrPipe()
		must(m.t, err)
		must(m.t, c.Start())
		said, in := "", bufio.NewScanner(errs)
		for n := 0; in.Scan(); said += in.Text() + "\n" {
			if n++; n > kill && kill <= 3 {
				must(m.t, c.Process.Kill())
				killed++
				break
			}
		}
		if err = c.Wait(); err == nil {
			m.t.Logf("killed %d times, all of it in %v: %s", killed, time.Since(begun).Round(time.Second), out.String())
			return
		}
		if kill > 3 {
			m.t.Fatalf("move: %v\n%s", err, said)
		}
	}
}

// fill makes a data folder with so many cases.
func fill(t *testing.T, file, data string, cases int) {
	t.Helper()
	key, err := encryption.CreateMaster(data + ".key")
	must(t, err)
	store, err := bolt.Open(file, bolt.NoSync(),
		bolt.Encrypted(func(wrapped [][]byte) (bolt.Keys, error) { return key.Keys(wrapped) }),
		bolt.Personal(func(name string) (bolt.PersonalKeys, error) {
			if name == "" {
				return encryption.CreateRing(data+".keyring", key)
			}
			return encryption.OpenRing(data+".keyring", key)
		}))
	must(t, err)
	begun := time.Now()
	var all sync.WaitGroup
	free := make(chan struct{}, 256)
	for i := range cases {
		free <- struct{}{}
		all.Go(func() {
			defer func() { <-free }()
			if err := store.Commit(context.Background(), madeUp(i)); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	must(t, store.Close())
	t.Logf("%d cases made in %v", cases, time.Since(begun).Round(time.Second))
}

// madeUp is the first turn of the i-th case: an order, a request, a line of its journal, what was said and what is to be.
func madeUp(i int) *bot.Commit {
	at := time.Unix(1_800_000_000+int64(i), 0).UTC()
	id, buyer := strconv.Itoa(81_000_000_000+i), bot.NewPersonID(bot.Buyer, fmt.Sprint("b-", i/3))
	room, key := bot.Room(fmt.Sprint("telegram:", 100_000_000+i/3)), bot.Key("case/"+id+"/0")
	entry := bot.Entry{Conversation: key, Seq: 1, At: at, Flow: "case", To: "awaiting_seller", Visit: 1, Policy: "2c26b46b68ff",
		Event:   bot.Event{ID: "task:" + id, Name: "submitted", By: bot.Buyer, Actor: buyer, Room: room, Text: "It takes too long"},
		Learned: bot.Facts{"order": id, "reason": "too_slow", "amount": "24.90 USD"}}
	entry.Hash = entry.Sum()
	frame := bot.Frame{Flow: "case", State: "awaiting_seller", Visit: 1, Facts: entry.Learned, Offers: []bot.Offer{
		{Token: rand.Text()[:22], Party: bot.Seller, Event: "seller_accepted", Words: "Cancel and refund {amount}"},
		{Token: rand.Text()[:22], Party: bot.Seller, Event: "seller_refused", Words: "Say no"}}}
	return &bot.Commit{
		At: at, Handled: fmt.Sprint("tg:1234567:", 900_000_000+i),
		Said: &bot.Message{ID: fmt.Sprint("tg:1234567:", 900_000_000+i), Room: room, Account: string(room), At: at,
			Text: "It takes too long"},
		Order: &bot.Order{ID: id, Buyer: buyer, Seller: "seller:s-1", Placed: at, Stage: bot.Processing,
			Total: bot.Money{Minor: 2490, Currency: "USD"},
			Items: []bot.Item{{ID: "1", Title: "Bamboo lamp", Quantity: 1, Price: bot.Money{Minor: 2490, Currency: "USD"}}}},
		Conversation: &bot.Conversation{Key: key, ID: fmt.Sprintf("C-%08d", i), Frame: frame, Order: id, Opened: at,
			Entries: 1, Head: entry.Hash,
			Parties:   map[bot.Party]bot.PersonID{bot.Buyer: buyer, bot.Seller: "seller:s-1"},
			Deadlines: []bot.Deadline{{Window: "seller_answer", At: at.Add(24 * time.Hour), Event: "seller_silent", Visit: 1}}},
		Terms: []string{"open", "order:" + id, "who:" + string(buyer)},
		Entry: &entry,
		Tasks: []bot.Task{{ID: rand.Text()[:22], Lane: "room:" + string(room), Do: "send", Class: bot.PostClass, From: key, Visit: 1,
			Made: at,
			Reply: &bot.Reply{Room: room, Mode: bot.New, Card: key, From: key, Title: "Order " + id + " · Bamboo lamp", Language: "en",
				Text: "I've asked Lumen House to cancel the whole order (Bamboo lamp). If they agree, you get 24.90 USD back."}}},
	}
}
