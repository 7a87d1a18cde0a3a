package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"nevermind/adapters/telegram/telegramtest"
)

// TestErasedEverywhere: a buyer with two hundred canaries is erased. Before, with a request open, that is refused, saying until
// when. Afterwards none of them is in the database read with its key, in a backup made before, export, log, metrics or any file;
// the request still replays and reads for the seller, whose own words are there.
func TestErasedEverywhere(t *testing.T) {
	t.Parallel()
	data, backup := t.TempDir(), filepath.Join(t.TempDir(), "before.zip")
	h, s := serveTelegram(t, telegramtest.Open(t), data, webhookMode)
	h.Order("8123456789012345", "b-1", "s-1", canaryOf(1)+" lamp")
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
	lumen.Reply(h.Await(lumen, canaryOf(3)).ID, "LUMENS-ANSWER")
	h.Await(ana, "LUMENS-ANSWER")
	command(t, "", "erase", "--buyer", "b-1", "--data", data).want(t, exitFailed, "is open, until", "nothing can be erased before")
	h.Press(ana, "Less")
	h.Press(ana, "Withdraw my request")
	h.Press(ana, "Yes, withdraw it")
	h.Await(lumen, "no longer wants to cancel")
	leavesNothing(t, h, s, data, backup, whoIsErased{"--buyer", "b-1", "77110011", "LUMENS-ANSWER", "withdrawn"})
}

// TestErasedSellerEverywhere: the same of a seller, whose case reads for the buyer, with the buyer's own words.
func TestErasedSellerEverywhere(t *testing.T) {
	t.Parallel()
	data, backup := t.TempDir(), filepath.Join(t.TempDir(), "before.zip")
	h, s := serveTelegram(t, telegramtest.Open(t), data, webhookMode)
	h.Order("8123456789012345", "b-1", "s-1", "A lamp")
	ana, lumen := h.Join(22, "buyer", "b-1", "Ana"), h.Join(77110022, "seller", "s-1", canaryOf(2)+" House")
	h.Ask(ana, "8123456789012345")
	card := h.Await(lumen, "would like to cancel")
	for n := 3; n < 200; n += 50 {
		lumen.Reply(card.ID, canariesOf(n, n+50))
		h.Await(ana, canaryOf(n+49))
	}
	ana.Reply(h.Await(ana, canaryOf(3)).ID, "ANAS-ANSWER")
	h.Await(lumen, "ANAS-ANSWER")
	command(t, "", "erase", "--seller", "s-1", "--data", data).want(t, exitFailed, "is open, until", "nothing can be erased before")
	h.Press(lumen, "Say no")
	lumen.Type("It is packed: " + canaryOf(200))
	h.Await(ana, canaryOf(200))
	h.Press(ana, "Keep the order")
	h.Press(ana, "Yes, keep it")
	h.Await(lumen, "keep")
	leavesNothing(t, h, s, data, backup, whoIsErased{"--seller", "s-1", "77110022", "ANAS-ANSWER", ""})
}

// whoIsErased is somebody who is to be erased: by which flag and id, their account, what the other has said, and how their case
// ended.
type whoIsErased struct {
	flag, id, account, others, state string
}

// leavesNothing erases somebody, and wants none of their canaries anywhere, and the other's words everywhere.
func leavesNothing(t *testing.T, h *telegramtest.House, s *started, data, backup string, who whoIsErased) {
	t.Helper()
	acked(h)
	command(t, "", "backup", backup, "--data", data).want(t, exitDone)
	told := exportOf(t, "--data", data)
	if n := strings.Count(fmt.Sprint(told), "CANARY-"); n < 200 {
		t.Fatalf("only %d canaries are told before: this tests nothing", n)
	}
	name := caseName.FindString(fmt.Sprint(told))

	command(t, "", "erase", who.flag, who.id, "--why", "asked", "--data", data).want(t, exitDone, "Erased")
	command(t, "", "erase", who.flag, who.id, "--data", data).want(t, exitFailed, "erased before")
	_, metrics := fetch(t, s.url+"/metrics")
	command(t, "", "replay", name, "--data", data).want(t, exitDone)
	var read struct {
		State string `json:"state"`
	}
	h.Call("GET", "/v1/cases/"+name, "", &read)
	if read.State == "" || who.state != "" && read.State != who.state {
		t.Errorf("the case reads as %+v", read)
	}
	s.stop()
	after := command(t, "", "export", "--data", data)
	after.want(t, exitDone)
	before := command(t, "", "export", "--from", backup, "--data", data)
	before.want(t, exitDone)
	for what, text := range map[string]string{"metrics": metrics, "the log": h.Log.String(), "the export": after.out,
		"the backup's export": before.out} {
		noCanary(t, what, []byte(text))
		if strings.Contains(text, who.account) {
			t.Errorf("%s holds the account", what)
		}
	}
	if !strings.Contains(after.out, who.others) || !strings.Contains(before.out, who.others) {
		t.Error("the other's own words are gone too")
	}
	for name, content := range everyFile(t, data, backup) {
		noCanary(t, name, content)
	}
	elsewhere := filepath.Join(t.TempDir(), "again")
	lendKey(t, data, elsewhere)
	command(t, "", "restore", backup, "--data", elsewhere).want(t, exitDone)
	restored := command(t, "", "export", "--data", elsewhere)
	restored.want(t, exitDone)
	noCanary(t, "the restored backup", []byte(restored.out))
	command(t, "", "replay", name, "--data", elsewhere).want(t, exitDone)
	files, err := filepath.Glob(filepath.Join(elsewhere, "files", "*", "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		content, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		noCanary(t, f, content)
	}
}

// canaryOf is a word that stands nowhere else.
func canaryOf(n int) string { return fmt.Sprintf("CANARY-%03d", n) }

func canariesOf(from, to int) string {
	var all []string
	for n := from; n < to; n++ {
		all = append(all, canaryOf(n))
	}
	return strings.Join(all, " ")
}

// noCanary fails where a text holds one.
func noCanary(t *testing.T, what string, text []byte) {
	t.Helper()
	if i := bytes.Index(text, []byte("CANARY-")); i >= 0 {
		t.Errorf("%s holds a canary: …%s…", what, text[max(0, i-300):min(len(text), i+60)])
	}
}
