package engine_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5"

	"nevermind/bot"
	"nevermind/store/encryption"
	"nevermind/store/postgres"
	"nevermind/store/postgres/postgrestest"
	"nevermind/store/record"
)

// BenchmarkStepOnPostgres is a word in a talk, heard, answered and the answer sent, on a PostgreSQL that flushes nothing: how
// many transactions that takes, each of them one round trip.
func BenchmarkStepOnPostgres(b *testing.B) {
	url, key := postgrestest.URL(b), encryption.NewMaster()
	cfg := postgres.Config{URL: url, Keys: func(wrapped [][]byte) (record.Keys, error) { return key.Keys(wrapped) }}
	h := newHarnessOn(b, func() (bot.Store, error) { return postgres.Open(context.Background(), cfg) })
	h.order("81000001")
	step := func(i int) {
		h.say(bot.Message{ID: fmt.Sprint("step ", i), Room: "fake:b-1", Account: "fake:buyer:b-1", Text: "my orders"})
	}
	for i := range 20 {
		step(-1 - i)
	}
	before := transactions(b, url)
	n := 0
	for b.Loop() {
		step(n)
		n++
	}
	b.ReportMetric(float64(transactions(b, url)-before)/float64(n), "transactions/step")
}

// transactions is how many a database has committed: what a session has done stands there once that is over.
func transactions(b *testing.B, url string) (n int64) {
	b.Helper()
	conn, err := pgx.Connect(b.Context(), url)
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close(b.Context())
	if _, err = conn.Exec(b.Context(), `SELECT pg_stat_force_next_flush()`); err != nil {
		b.Fatal(err)
	}
	err = conn.QueryRow(b.Context(), `SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()`).Scan(&n)
	if err != nil {
		b.Fatal(err)
	}
	return n
}
