package rest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"hash/maphash"
	"net/http"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"nevermind/adapters/shop"
	"nevermind/bot"
)

// lineResult is what became of one line: the order was stored, or there is a problem and nothing of it was stored. The name
// is that of a schema in the document.
type lineResult struct {
	Line    int              `json:"line" doc:"The line's number, from 1"`
	ID      string           `json:"id,omitempty" doc:"The order's id, as far as it could be read"`
	OK      bool             `json:"ok"`
	Problem *huma.ErrorModel `json:"problem,omitempty" doc:"What is wrong, where it is not kept"`
}

// bulkAnswer is an answer that is written while the body is read.
type bulkAnswer struct {
	Body func(ctx huma.Context)
}

// How much of a bulk call is under way at once.
const (
	laneCount   = 256              // orders that are stored side by side, so that they share the disk's writes
	maxInFlight = 1024             // lines that are read and not yet answered, at most
	idleTime    = 30 * time.Second // a caller who neither sends nor takes for so long has gone
)

const ndjson = "application/x-ndjson"

// bulkTypes are the media types under which lines of JSON are sent; the first is the one that is recommended.
var bulkTypes = []string{ndjson, "application/ndjson", "application/jsonl", "application/x-jsonlines", "application/json"}

// bulk registers the call that puts many orders.
func (a *API) bulk(routes huma.API) {
	huma.Register(routes, huma.Operation{
		OperationID: "put-orders", Method: http.MethodPost, Path: "/v1/orders", Tags: []string{"Orders"}, Summary: "Put many orders",
		Description: "NDJSON: one order a line, each as `PUT` takes it, as many as you like; blank lines are passed over. The " +
			"answer is NDJSON too: a result a line, " +
			"in the order of the lines, while they come. A line that is wrong is told and passed over. Read the answers while you send; " +
			"a caller who cannot should send at most 100,000 orders a call. To send the same again does no harm.",
		Errors: []int{400, 401, 403, 415, 500},
	}, func(_ context.Context, call *body) (*bulkAnswer, error) {
		r, _ := humago.Unwrap(call.ctx)
		if err := checkMediaType(r, bulkTypes...); err != nil {
			return nil, err
		}
		return &bulkAnswer{a.putOrders}, nil
	})
	op := a.document.Paths["/v1/orders"].Post
	line := &huma.Schema{Type: "string", Description: "One order a line, each as `PUT` takes it"}
	op.RequestBody = bodyOf(line, ndjson, "Orders, one a line")
	op.Responses["200"] = &huma.Response{Description: "A result a line", Content: map[string]*huma.MediaType{
		ndjson: {Schema: a.schema(typeOf[lineResult](), "LineResult")}}}
}

// job is one line between being read and being answered; done is closed once result is final.
type job struct {
	order  bot.Order
	result lineResult
	done   chan struct{}
}

// bulkRun is one bulk call under way. One goroutine reads the lines, up to laneCount store orders side by side, one writes
// the results in the order of the lines. Orders with the same id share a lane, so the later line wins.
type bulkRun struct {
	*API
	ctx   context.Context
	lanes [laneCount]chan *job // those of one order keep their order; nil until one is used
	all   sync.WaitGroup
	seed  maphash.Seed
	queue chan *job
	out   *bulkResults
	last  bot.Order // read and not yet handed over
}

// putOrders reads orders and answers what becomes of them, at the same time.
func (a *API) putOrders(ctx huma.Context) {
	r, w := humago.Unwrap(ctx)
	control := http.NewResponseController(w)
	// Without it HTTP/1 would read the whole body before the first result is written.
	if err := control.EnableFullDuplex(); err != nil && r.ProtoMajor == 1 && !errors.Is(err, http.ErrNotSupported) {
		panic(err)
	}
	w.Header().Set("Content-Type", ndjson)
	w.WriteHeader(http.StatusOK)
	inner, cancel := context.WithCancel(r.Context())
	defer cancel()
	run := &bulkRun{
		API: a, ctx: inner, seed: maphash.MakeSeed(),
		queue: make(chan *job, maxInFlight), out: newBulkResults(w, control, cancel),
	}
	// Results go out while lines come in.
	run.all.Go(run.writeResults)
	run.read(&idleReader{Reader: r.Body, control: control})
	run.finish()
}

// finish waits until every order is stored and every result is sent.
func (b *bulkRun) finish() {
	for _, lane := range b.lanes {
		if lane != nil {
			close(lane)
		}
	}
	close(b.queue)
	b.all.Wait()
	b.out.end()
}

// read splits the body into orders and dispatches them; a fault that ends the reading is the last result.
func (b *bulkRun) read(lines *idleReader) {
	// The importer calls put and then report for each line: last joins the two.
	put := func(o bot.Order) error {
		b.last = o
		return b.ctx.Err()
	}
	sum, err := shop.Import(lines, "orders.ndjson", b.cfg.Engine.Policy(), put, b.parsed)
	if err != nil && b.ctx.Err() == nil {
		b.dispatch(&job{result: lineResult{Line: sum.Lines + 1, Problem: readProblem(err)}}, false)
	}
}

// readProblem is the problem that ends the reading: a form that cannot be read line by line, or a body that did not come
// whole.
func readProblem(err error) *huma.ErrorModel {
	var faults shop.Faults
	if errors.As(err, &faults) {
		return faultsProblem(faults)
	}
	var told *huma.ErrorModel
	errors.As(bodyError(err), &told)
	return told
}

// parsed takes a line that has been read, right or wrong, from the importer.
func (b *bulkRun) parsed(l shop.Line) {
	j := &job{result: lineResult{Line: l.Number, ID: l.Order}}
	if l.Wrong != nil {
		var faults shop.Faults
		errors.As(l.Wrong, &faults)
		j.result.Problem = faultsProblem(faults)
		b.dispatch(j, false)
		return
	}
	j.order = b.last
	b.dispatch(j, true)
}

// dispatch queues a line for its answer and, where it holds an order, for its lane. It blocks while too many lines are
// under way.
func (b *bulkRun) dispatch(j *job, good bool) {
	j.done = make(chan struct{})
	// The queue has the order of the lines; it is what the results follow.
	b.queue <- j
	if !good {
		close(j.done)
		return
	}
	lane := &b.lanes[maphash.String(b.seed, j.order.ID)%laneCount]
	// A call of few orders starts few goroutines.
	if *lane == nil {
		*lane = make(chan *job, maxInFlight/laneCount)
		b.all.Go(func() { b.storeLane(*lane) })
	}
	*lane <- j
}

// storeLane stores the orders of one lane, one after the other.
func (b *bulkRun) storeLane(lane <-chan *job) {
	for j := range lane {
		b.storeOrder(j)
		close(j.done)
	}
}

// storeOrder stores one order and sets its result; a panic is that line's problem alone.
func (b *bulkRun) storeOrder(j *job) {
	defer func() {
		if fault := recover(); fault != nil {
			b.cfg.Log.Error("a line of orders has panicked", "why", fault)
			j.result.OK, j.result.Problem = false, problem(http.StatusInternalServerError, detailOurFault)
		}
	}()
	if b.ctx.Err() != nil {
		return
	}
	_, err := b.cfg.Put(b.ctx, j.order)
	if j.result.OK = err == nil; err != nil {
		j.result.Problem, _ = b.classify(b.ctx, err, "order")
	}
	// The order is not needed any more, and many results may wait.
	j.order = bot.Order{}
}

// writeResults writes the results in the order of the lines.
func (b *bulkRun) writeResults() {
	var text bytes.Buffer
	for j := range b.queue {
		// The results wait for the slowest line before them.
		<-j.done
		text.Reset()
		if json.NewEncoder(&text).Encode(&j.result) == nil {
			b.out.add(text.Bytes())
		}
	}
}
