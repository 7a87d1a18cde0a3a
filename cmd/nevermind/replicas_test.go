package main

import (
	"bufio"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"nevermind/adapters/telegram/telegramtest"
	"nevermind/store/blob/s3test"
	"nevermind/store/postgres/postgrestest"
)

// cluster is a database with its key ring, a bucket and a fake Telegram, on which any number of servers work, each a process of
// its own.
type cluster struct {
	t        *testing.T
	fake     *telegramtest.Server
	settings []string
	house    *telegramtest.House
}

func newCluster(t *testing.T) *cluster {
	t.Helper()
	fake := telegramtest.Open(t)
	c := &cluster{t: t, fake: fake, settings: []string{"NEVERMIND_STORE=" + postgrestest.URL(t),
		"NEVERMIND_KEYRING=" + postgrestest.URL(t), "NEVERMIND_KEY=" + houseKeyText, "NEVERMIND_FILES=" + s3test.Open(t),
		"AWS_ACCESS_KEY_ID=" + s3test.AccessKey, "AWS_SECRET_ACCESS_KEY=" + s3test.SecretKey,
		"NEVERMIND_API_KEY=" + telegramtest.HouseKey, "NEVERMIND_TELEGRAM_TOKEN=" + fake.Token,
		"NEVERMIND_TELEGRAM_API=" + fake.URL(), "NEVERMIND_TELEGRAM_RATE=0", "NEVERMIND_TELEGRAM_CHAT_RATE=0", "NEVERMIND_LOG=info"}}
	c.house = &telegramtest.House{T: t, Fake: fake, Log: &loud{}}
	return c
}

// replica is one of them.
type replica struct {
	c   *cluster
	cmd *exec.Cmd
	url string
	log *loud
}

// start starts a server and waits until it is ready; the house is reached by it from then on.
func (c *cluster) start(more ...string) *replica {
	c.t.Helper()
	self, err := os.Executable()
	if err != nil {
		c.t.Fatal(err)
	}
	r := &replica{c: c, log: &loud{}}
	r.cmd = exec.CommandContext(c.t.Context(), self, "serve", "--data", c.t.TempDir(), "--listen", "127.0.0.1:0")
	r.cmd.Env = append(append(append(os.Environ(), asProgram+"=1"), c.settings...), more...)
	r.cmd.Stderr = r.log
	out, err := r.cmd.StdoutPipe()
	if err == nil {
		err = r.cmd.Start()
	}
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(r.kill)
	first, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		c.t.Fatalf("serve did not start: %s", r.log)
	}
	r.url = strings.TrimSuffix(served.FindString(first), ":")
	if !c.fake.Until(func() bool { status, _ := fetch(c.t, r.url+"/readyz"); return status == http.StatusOK }) {
		c.t.Fatal("not ready:", r.log)
	}
	c.house.URL = r.url
	return r
}

// kill is SIGKILL.
func (r *replica) kill() {
	_ = r.cmd.Process.Signal(syscall.SIGCONT)
	_ = r.cmd.Process.Kill()
	_ = r.cmd.Wait()
}

// told counts the messages that a chat was sent with some words; edits are none.
func (c *cluster) told(chat *telegramtest.Chat, words string) (n int) {
	for _, call := range c.fake.Calls("sendMessage") {
		if call.Chat == chat.ID && strings.Contains(string(call.Params["text"]), words) && call.Code == http.StatusOK {
			n++
		}
	}
	return n
}

// settled waits until every update is acknowledged.
func (c *cluster) settled() {
	c.t.Helper()
	if !c.fake.Until(func() bool { return c.fake.Pending() == 0 }) {
		c.t.Errorf("%d updates are not acknowledged", c.fake.Pending())
	}
}

// TestReplicaKilledHalfway: a server on a database is killed in the midst of a cancellation; the next one goes on, nothing is
// lost and nothing is done twice. A message whose sending was cut off may come twice, since Telegram has no key for it.
func TestReplicaKilledHalfway(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	first := c.start()
	h := c.house
	h.Order("8123456789012345", "b-1", "s-1", "Bamboo lamp")
	ana, lumen := h.Join(11, "buyer", "b-1", "Ana"), h.Join(22, "seller", "s-1", "Lumen House")
	h.Ask(ana, "8123456789012345")
	h.Await(lumen, "would like to cancel")
	first.kill()
	ana.Type("Please hurry")
	second := c.start()
	h.Press(lumen, "Cancel and refund 24.90 USD")
	h.Await(ana, "Lumen House agreed. I've asked the shop")
	c.settled()
	if n := c.told(lumen, "would like to cancel"); n < 1 || n > 2 {
		t.Errorf("the seller was asked %d times, want once, or a twin for the kill", n)
	}
	second.kill()
	c.decidedOnce("8123456789012345")
}

// decidedOnce wants an order cancelled and paid back once.
func (c *cluster) decidedOnce(order string) {
	c.t.Helper()
	args := []string{"export", "--data", c.t.TempDir()}
	for _, s := range c.settings {
		name, value, _ := strings.Cut(s, "=")
		switch name {
		case "NEVERMIND_STORE", "NEVERMIND_KEYRING", "NEVERMIND_KEY":
			args = append(args, "--"+strings.ToLower(strings.TrimPrefix(name, "NEVERMIND_")), value)
		}
	}
	r := command(c.t, "", args...)
	r.want(c.t, exitDone)
	for _, do := range []string{`"do":"cancel_order"`, `"do":"pay_refund"`} {
		n := 0
		for line := range strings.Lines(r.out) {
			if strings.Contains(line, do) && strings.Contains(line, order) && !strings.Contains(line, `"kind":"journal"`) &&
				!strings.Contains(line, `"kind":"order"`) {
				n++
			}
		}
		if n != 1 {
			c.t.Errorf("order %s has %d tasks %s, want one", order, n, do)
		}
	}
}
