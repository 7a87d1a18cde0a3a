package drills

import (
	"encoding/base64"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"nevermind/adapters/telegram/telegramtest"
	"nevermind/store/blob/s3test"
	"nevermind/store/postgres/postgrestest"
)

// replicas are servers on one database, among which a crowd's steps are divided.
type replicas struct {
	t     *testing.T
	env   []string
	fake  *telegramtest.Server
	crowd *crowd
	began []*child
}

// newReplicas starts none yet.
func newReplicas(t *testing.T, database *postgrestest.Cluster, people int) *replicas {
	fake := telegramtest.New()
	fake.Quiet = true
	r := &replicas{t: t, fake: fake, crowd: newCrowd(t, fake, people)}
	r.crowd.longest = patience
	fake.Start()
	t.Cleanup(fake.Close)
	r.env = []string{"NEVERMIND_STORE=" + database.Database(t), "NEVERMIND_KEYRING=" + database.Database(t),
		"NEVERMIND_KEY=" + base64.StdEncoding.EncodeToString([]byte("a key for some replicas: 32 byte")),
		"NEVERMIND_FILES=" + s3test.Open(t), "AWS_ACCESS_KEY_ID=" + s3test.AccessKey, "AWS_SECRET_ACCESS_KEY=" + s3test.SecretKey,
		"NEVERMIND_API_KEY=" + telegramtest.HouseKey, "NEVERMIND_TELEGRAM_TOKEN=" + fake.Token,
		"NEVERMIND_TELEGRAM_API=" + fake.URL(), "NEVERMIND_TELEGRAM_RATE=0", "NEVERMIND_TELEGRAM_CHAT_RATE=0"}
	return r
}

// start starts a server and waits until it is ready.
func (r *replicas) start(program string, more ...string) (of *child, url string) {
	at := telegramtest.FreeAddress(r.t)
	of = runChild(r.t, "", r.env, program, append([]string{"serve", "--data", r.t.TempDir(), "--listen", at, "--log", "error"},
		more...)...)
	if !r.fake.Until(func() bool { return ready("http://" + at) }) {
		r.t.Fatal("not ready:", of.log)
	}
	r.began = append(r.began, of)
	return of, "http://" + at
}

// schema is the number of the database's last migration.
func (r *replicas) schema() (number int) {
	conn, err := pgx.Connect(r.t.Context(), strings.TrimPrefix(r.env[0], "NEVERMIND_STORE="))
	must(r.t, err)
	defer conn.Close(r.t.Context())
	must(r.t, conn.QueryRow(r.t.Context(), `SELECT max(version_id) FROM schema_versions`).Scan(&number))
	return number
}

// TestPostgresReplaced: while people walk through the dialogue, three servers of the version before are replaced one by one by
// this program, which brings the database to its own schema. Nobody waits longer than five seconds, and everybody is answered.
// NEVERMIND_BEFORE is the program of the version before, built from its commit.
func TestPostgresReplaced(t *testing.T) {
	before := os.Getenv("NEVERMIND_BEFORE")
	if before == "" {
		t.Skip("NEVERMIND_BEFORE=… names the program of the version before")
	}
	if out, err := exec.Command(before, "version").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	r := newReplicas(t, newDatabase(t), 40)
	var old []*child
	first, url := r.start(before)
	settle(&telegramtest.House{T: t, Fake: r.fake, URL: url, Log: first.log}, r.crowd)
	for range 2 {
		one, _ := r.start(before)
		old = append(old, one)
	}
	old = append(old, first)
	from := r.schema()
	type walked struct {
		steps int
		waits []time.Duration
	}
	const pause = 8 * time.Second
	ended := make(chan walked, 1)
	go func() {
		steps, waits, _ := r.crowd.walk(pause*time.Duration(len(old)+2), 20)
		ended <- walked{steps, waits}
	}()
	<-time.After(pause)
	for i, one := range old {
		r.start(program(t))
		one.stop()
		t.Logf("server %d is replaced", i+1)
		<-time.After(pause)
	}
	t.Logf("the database had schema %d and has %d", from, r.schema())
	w := <-ended
	if len(w.waits) == 0 {
		t.Fatal("nobody is answered")
	}
	slices.Sort(w.waits)
	longest := w.waits[len(w.waits)-1]
	t.Logf("%d steps, p50 %v, p99 %v, the longest %v", w.steps, w.waits[len(w.waits)/2], w.waits[len(w.waits)*99/100], longest)
	if longest > 5*time.Second {
		t.Errorf("somebody has waited for %v", longest)
	}
	if !r.fake.Until(func() bool { return r.fake.Pending() == 0 }) {
		t.Errorf("%d updates are not acknowledged", r.fake.Pending())
	}
	for _, of := range r.began {
		of.stop()
	}
}

// TestReplicasRush is what three servers reach on one machine, beside one: NEVERMIND_COMPARE is how long each is measured.
func TestReplicasRush(t *testing.T) {
	long, err := time.ParseDuration(os.Getenv("NEVERMIND_COMPARE"))
	if err != nil {
		t.Skip("NEVERMIND_COMPARE=3s …")
	}
	cluster, err := postgrestest.Start()
	must(t, err)
	t.Cleanup(cluster.Stop)
	r := newReplicas(t, cluster, compareChats)
	first, url := r.start(program(t))
	settle(&telegramtest.House{T: t, Fake: r.fake, URL: url, Log: first.log}, r.crowd)
	for servers := 1; servers <= 3; servers++ {
		if servers > 1 {
			r.start(program(t))
		}
		r.crowd.rush(compareWarm)
		var found []float64
		for range compareRounds {
			steps, _, took := r.crowd.rush(long)
			found = append(found, float64(steps)/took.Seconds())
		}
		slices.Sort(found)
		t.Logf("%d servers: %.0f steps/s (%.0f to %.0f)", servers, median(found), found[0], found[len(found)-1])
	}
	for _, of := range r.began {
		of.stop()
	}
}
