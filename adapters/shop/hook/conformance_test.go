package hook_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"nevermind/adapters/shop"
	"nevermind/adapters/shop/hook"
	"nevermind/adapters/shop/shoptest"
	"nevermind/bot"
)

// TestConformance holds the shop behind its webhook to the suite of every connector.
func TestConformance(t *testing.T) {
	shoptest.Run(t, func(t *testing.T, house *shoptest.House, line *shoptest.Line) shoptest.World {
		s := &hookShop{Ledger: shoptest.NewLedger(house), t: t, house: house, line: line, done: map[string]string{}}
		server := httptest.NewServer(s)
		t.Cleanup(server.Close)
		s.url = server.URL
		return s
	})
}

// hookShop is a shop as docs/shop.md asks for one: it puts its orders, verifies what it is sent, and does each task once.
type hookShop struct {
	*shoptest.Ledger
	t     *testing.T
	house *shoptest.House
	line  *shoptest.Line
	url   string
	hook  *hook.Shop
	mu    sync.Mutex
	done  map[string]string // its answer, by task
	known []string          // ids of its orders
}

func (s *hookShop) Able() shoptest.Able {
	return shoptest.Able{Quantities: true, Sellers: true, Amounts: true, OwnRefunds: true, Bounces: true, FailsLate: true,
		Remote: true}
}

// Pushes says that the shop puts its orders by itself.
func (s *hookShop) Pushes() bool { return true }

func (s *hookShop) Restart() {
	h, err := hook.New(hook.Config{URL: s.url, Secret: secret, Now: s.house.Now, Client: &http.Client{Transport: s.line}})
	if err != nil {
		s.t.Fatal(err)
	}
	h.Attach(s.house)
	s.hook = h
}

func (s *hookShop) Hands() map[string]bot.Hand { return s.hook.Hands() }

func (s *hookShop) Place(baskets ...shoptest.Basket) []string {
	ids := s.Ledger.Place(baskets...)
	s.known = append(s.known, ids...)
	return ids
}

func (s *hookShop) Event(order string) func(context.Context) error {
	sale, err := s.Sale(order)
	if err != nil {
		s.t.Fatal(err)
	}
	return func(ctx context.Context) error {
		_, err := s.house.PutOrder(ctx, sale.Order())
		if err != nil {
			return err
		}
		return s.ends(ctx, &sale)
	}
}

// Pull is the shop putting all of its orders again.
func (s *hookShop) Pull(ctx context.Context) error {
	var all error
	for _, id := range s.known {
		all = errors.Join(all, s.Event(id)(ctx))
	}
	return all
}

// ends says how refunds that were pending have ended.
func (s *hookShop) ends(ctx context.Context, sale *shoptest.Sale) error {
	for _, r := range sale.Refunds {
		var err error
		switch {
		case r.Note == "":
		case r.State == "settled":
			err = s.hook.End(ctx, r.Note, shop.Ended{Done: true})
		case r.State == "failed":
			err = s.hook.End(ctx, r.Note, shop.Ended{Detail: "the bank sent it back"})
		case r.State == "bounced":
			err = s.hook.End(ctx, r.Note, shop.Ended{Bounced: true, Detail: "account closed"})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *hookShop) Bounce(order, task string) { s.BounceNoted(order, task) }

// ServeHTTP takes a command, and answers a repeat as before.
func (s *hookShop) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	verifier, err2 := standardwebhooks.NewWebhook(secret)
	if err := errors.Join(err, err2); err != nil {
		s.t.Error(err)
	}
	if err := verifier.VerifyIgnoringTimestamp(body, r.Header); err != nil { // the house's clock is moved on
		s.t.Error(err)
	}
	var command struct {
		Type string
		Data struct {
			TaskID  string `json:"task_id"`
			OrderID string `json:"order_id"`
			Amount  string
			Items   []shop.OrderPart
		}
	}
	if err := json.Unmarshal(body, &command); err != nil {
		s.t.Error(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	task, order := command.Data.TaskID, command.Data.OrderID
	answer, seen := s.done[task]
	switch {
	case seen:
	case command.Type == "refund.pay":
		amount, err := bot.ReadMoney(command.Data.Amount + " USD")
		if err == nil {
			_, err = s.Refund(order, amount.Minor, task)
		}
		if answer = "later"; err != nil {
			answer = failed
		}
	default:
		var parts []bot.Part
		for _, i := range command.Data.Items {
			parts = append(parts, bot.Part{ID: i.ID, Quantity: i.Quantity})
		}
		answer = done
		if err := s.Cancel(order, parts, task); err != nil && !errors.Is(err, shoptest.ErrNoneLeft) {
			answer = failed
			if err := s.Event(order)(context.Background()); err != nil { // first where it stands, then the answer
				s.t.Error(err)
			}
		}
	}
	s.done[task] = answer
	if answer == "later" {
		w.WriteHeader(http.StatusAccepted)
		return
	}
	io.WriteString(w, answer)
}
