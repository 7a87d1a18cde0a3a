package bolt

import (
	"crypto/rand"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"nevermind/bot"
)

// BenchmarkCommit makes whole turns durable, by so many at once.
func BenchmarkCommit(b *testing.B) {
	for _, n := range []int{1, 16, 256} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			s := openIn(b, b.TempDir())
			defer s.Close()
			turns := make([]*bot.Commit, b.N)
			for i := range turns {
				turns[i] = turn(i)
			}
			together(b, n, func(i int) error { return s.Commit(b.Context(), turns[i]) })
		})
	}
}

// BenchmarkBare writes the same keys and values through the barest group commit: what bbolt itself can do.
func BenchmarkBare(b *testing.B) {
	for _, n := range []int{1, 16, 256} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			s := openIn(b, b.TempDir())
			defer s.Close()
			all := make([][]bare, b.N)
			for i := range all {
				all[i] = puts(b, turn(i), uint64(i))
			}
			g := &group{db: s.db, queue: make(chan job, 2048)}
			go g.write()
			defer close(g.queue)
			together(b, n, func(i int) error { return g.put(all[i]) })
		})
	}
}

// BenchmarkPassed commits the turns of deadlines that have passed at once, each of which says something: what the store
// takes of firing them. They are listed in pages and committed side by side.
func BenchmarkPassed(b *testing.B) {
	for _, n := range []int{64, 512} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			s := openIn(b, b.TempDir())
			defer s.Close()
			turns := make([]*bot.Commit, b.N)
			for i := range turns {
				turns[i] = turn(i)
			}
			together(b, n, func(i int) error { return s.Commit(b.Context(), turns[i]) })
			due := time.Unix(1_900_000_000, 0)
			for i := range turns {
				turns[i].Handled, turns[i].Conversation.Version, turns[i].Entry.Seq = fmt.Sprint("deadline:", i), 1, 2
				turns[i].Conversation.Deadlines, turns[i].Said = nil, nil
				turns[i].Tasks[0].ID = fmt.Sprint("t", i)
			}
			begun := time.Now()
			for fired := 0; fired < b.N; {
				page, err := s.Due(b.Context(), due, 4*n)
				if err != nil || len(page) == 0 {
					b.Fatal(len(page), err)
				}
				var all sync.WaitGroup
				for _, d := range page {
					all.Go(func() {
						if err := s.Commit(b.Context(), turns[int(d.At.Unix()-3600-1_800_000_000)]); err != nil {
							b.Error(err)
						}
					})
				}
				all.Wait()
				fired += len(page)
			}
			b.ReportMetric(float64(b.N)/time.Since(begun).Seconds(), "deadlines/s")
		})
	}
}

// together runs f b.N times on n goroutines and reports how long one had to wait.
func together(b *testing.B, n int, f func(i int) error) {
	var next atomic.Int64
	var wg sync.WaitGroup
	took := make([]time.Duration, b.N)
	b.ReportAllocs()
	b.ResetTimer()
	for range n {
		wg.Go(func() {
			for i := next.Add(1) - 1; i < int64(b.N); i = next.Add(1) - 1 {
				begun := time.Now()
				if err := f(int(i)); err != nil {
					b.Error(err)
					return
				}
				took[i] = time.Since(begun)
			}
		})
	}
	wg.Wait()
	b.StopTimer()
	slices.Sort(took)
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "commits/s")
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
}

// turn is a turn of a talk as most are: four buttons, one message in, one out.
func turn(i int) *bot.Commit {
	room := bot.Room(fmt.Sprint("telegram:", 100_000_000+i*7919%100_000_000))
	key := bot.TalkKey(room, &bot.Person{})
	at := time.Unix(1_800_000_000+int64(i), 0)
	id := fmt.Sprint("telegram:1234567:", 900_000_000+i)
	reply := &bot.Reply{
		Room: room, Mode: bot.New, Card: key, From: key, Title: "Order 8123456789012345 · Bamboo lamp", Language: "en",
		Text: "Why would you like to cancel this order? Choose a reason, or write it in your own words; the seller will see it.",
	}
	frame := bot.Frame{Flow: "cancel", State: "choosing_reason", Visit: 3,
		Facts: bot.Facts{"order": "8123456789012345", "item": "Bamboo lamp", "amount": "24.90 USD"}}
	for _, label := range []string{"I no longer need it", "It takes too long", "The seller raised the price", "Back"} {
		token := rand.Text()[:22]
		frame.Offers = append(frame.Offers, bot.Offer{Token: token, Party: bot.Buyer, Event: "reason_chosen",
			Facts: bot.Facts{"reason": "not_needed"}, Words: label, Label: label})
		reply.Choices = append(reply.Choices, bot.Button{Token: token, Label: label})
	}
	return &bot.Commit{
		At: at, Handled: id,
		Said: &bot.Message{ID: id, Room: room, Account: string(room), Text: "I want to cancel my order", At: at},
		Conversation: &bot.Conversation{
			Key: key, Frame: frame, Order: "8123456789012345", Parties: map[bot.Party]bot.PersonID{bot.Buyer: "buyer:b-1"}, Opened: at,
			Entries:   1,
			Head:      "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
			Deadlines: []bot.Deadline{{Window: "talk_forgotten", At: at.Add(time.Hour), Event: "forgotten", Visit: 3}},
		},
		Terms: []string{"open", "room:" + string(room)},
		Tasks: []bot.Task{{ID: rand.Text()[:22], Lane: "room:" + string(room), Do: "send", Class: bot.PostClass, From: key, Visit: 3,
			Reply: reply, Made: at}},
		Entry: &bot.Entry{
			Conversation: key, Seq: 1, At: at, Flow: "cancel", From: "choosing_order", To: "choosing_reason", Visit: 3,
			Event: bot.Event{ID: id, Name: "order_picked", By: bot.Buyer, Actor: "buyer:b-1", Room: room,
				Text: "I want to cancel my order"},
			Learned: bot.Facts{"order": "8123456789012345"}, Rules: []string{"S01"}, Policy: "2c26b46b68ffc68f",
			Output: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
			Prev:   "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
			Hash:   "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
		},
	}
}

// bare is one key and value.
type bare struct {
	in         bucket
	key, value []byte
}

// puts is what the store writes for a turn of a new conversation.
func puts(tb testing.TB, c *bot.Commit, seq uint64) (out []bare) {
	p, err := (&Store{db: &database{}}).prepare(tb.Context(), c)
	if err != nil {
		tb.Fatal(err)
	}
	h := newHeader(c)
	key := c.Conversation.Key
	out = append(out,
		bare{handled, []byte(c.Handled), timeKey(c.At)},
		bare{roomLog, roomKey(c.Said.Room, 2*seq), slices.Concat(timeKey(c.At), p.message)},
		bare{conversations, conversationKey(key), p.conversation},
		bare{conversations, entryKey(key, 1), p.entry},
		bare{taskIDs, []byte(c.Tasks[0].ID), seqKey(2*seq + 1)},
		bare{tasks, seqKey(2*seq + 1), p.tasks[0]},
		bare{waiting, seqKey(2*seq + 1), waitingTask{0, toInstant(c.At), 0, c.Tasks[0].Lane}.record(&transaction{})},
		bare{roomLog, roomKey(c.Said.Room, 2*seq+1), timeKey(c.At)},
	)
	for _, k := range termKeys(key, &h) {
		out = append(out, bare{terms, k, emptyValue})
	}
	for _, k := range deadlineKeys(key, &h) {
		out = append(out, bare{deadlines, k, emptyValue})
	}
	for _, o := range c.Conversation.Offers {
		out = append(out, bare{tokens, []byte(o.Token), slices.Concat(timeKey(c.At), []byte{tokenOnOffer}, []byte(key))})
	}
	return out
}

// group is a writer that does nothing but write.
type group struct {
	db    *database
	queue chan job
}

type job struct {
	puts []bare
	done chan error
}

func (g *group) put(p []bare) error {
	j := job{p, make(chan error, 1)}
	g.queue <- j
	return <-j.done
}

func (g *group) write() {
	for first := range g.queue {
		jobs := []job{first}
		for more := true; more && len(jobs) < maxGroup; {
			select {
			case j := <-g.queue:
				jobs = append(jobs, j)
			default:
				more = false
			}
		}
		err := g.db.DB.Update(func(raw *bbolt.Tx) error {
			tx := newTransaction(raw, nil, nil)
			for _, j := range jobs {
				for _, p := range j.puts {
					b := bucketIn(tx, p.in)
					if appendOnly[p.in] {
						b.Bucket.stored().FillPercent = 0.9
					}
					if err := b.Put(p.key, p.value); err != nil {
						return err
					}
				}
			}
			return nil
		})
		for _, j := range jobs {
			j.done <- err
		}
	}
}
