package rest

import (
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"nevermind/adapters/shop"
	"nevermind/bot"
)

// casesCall is what a caller may ask of the list of cases.
type casesCall struct {
	Order  string `query:"order" doc:"Only cases about this order" maxLength:"64"`
	State  string `query:"state" doc:"Only cases in this state" maxLength:"64" example:"with_support"`
	Cursor string `query:"cursor" doc:"Where the page before ended: its next_cursor" maxLength:"400"`
	Limit  int    `query:"limit" doc:"How many cases a page has at most" minimum:"1" maximum:"200" default:"50"`
}

// casePage is a page of cases.
type casePage struct {
	Cases []shop.Case `json:"cases" nullable:"false"`
	Next  string      `json:"next_cursor"`
}

// casesAnswer is the answer to casesCall.
type casesAnswer struct{ Body casePage }

// caseCall names one case.
type caseCall struct {
	ID string `path:"id" doc:"The case's id" maxLength:"64" example:"C-7Q2M9K4D"`
}

// caseAnswer is the answer to caseCall.
type caseAnswer struct{ Body shop.Case }

// caseRoutes registers the calls that read cases.
func (a *API) caseRoutes(routes huma.API) {
	huma.Register(routes, huma.Operation{
		OperationID: "list-cases", Method: http.MethodGet, Path: "/v1/cases", Tags: []string{"Cases"}, Summary: "List cases",
		Description: "Open and closed, by order. A case that is there all the while is listed once, whatever else is opened or " +
			"closed between two pages.",
		Errors: readErrors,
	}, a.listCases)
	huma.Register(routes, huma.Operation{
		OperationID: "get-case", Method: http.MethodGet, Path: "/v1/cases/{id}", Tags: []string{"Cases"}, Summary: "Get a case",
		Description: "Where it stands, what happens if nobody moves, and how it came there. What people wrote to each other is not " +
			"in it.",
		Errors: readErrors,
	}, a.oneCase)
}

// oneCase finds a case by the id that people see. Records that are no case to the contract may be filed under the same id.
func (a *API) oneCase(ctx context.Context, call *caseCall) (*caseAnswer, error) {
	// Short names are unique among cases; other records may have the same one.
	keys, err := a.cfg.Engine.Store().Find(ctx, "id:"+call.ID, "", 8)
	if err != nil {
		return nil, a.asProblem(ctx, err, "case")
	}
	for _, key := range keys {
		c, err := a.cases.Case(ctx, key)
		if errors.Is(err, bot.ErrNone) {
			continue
		}
		if err != nil {
			return nil, a.asProblem(ctx, err, "case")
		}
		return &caseAnswer{c}, nil
	}
	return nil, a.asProblem(ctx, bot.ErrNone, "case")
}

// maxScanned is how many records one page looks through; a page may thus be short or empty, and yet not the last.
const maxScanned = 2000

// listCases answers one page of cases.
func (a *API) listCases(ctx context.Context, call *casesCall) (*casesAnswer, error) {
	after, err := readCursor(call.Cursor)
	if err != nil {
		return nil, err
	}
	p := &pager{API: a, call: call, after: after, page: casePage{Cases: []shop.Case{}}}
	if err := p.fill(ctx); err != nil {
		return nil, a.asProblem(ctx, err, "case")
	}
	return &casesAnswer{p.page}, nil
}

// pager fills one page, starting behind the key after.
type pager struct {
	*API
	call    *casesCall
	after   bot.Key
	page    casePage
	scanned int
}

// fill looks through the terms in turn, and through each in the order of the keys, which never changes: so a case that is
// there all the while is listed exactly once.
func (p *pager) fill(ctx context.Context) error {
	for _, term := range p.terms() {
		if full, err := p.scan(ctx, term); full || err != nil {
			return err
		}
	}
	return nil
}

// scan looks through what is filed under one term; true where the page is full.
func (p *pager) scan(ctx context.Context, term string) (full bool, err error) {
	for {
		keys, err := p.cfg.Engine.Store().Find(ctx, term, p.after, 200)
		if err != nil || len(keys) == 0 {
			return false, err
		}
		for _, key := range keys {
			// The cursor names the last key that was looked at, not the last case.
			if len(p.page.Cases) == p.call.Limit || p.scanned == maxScanned {
				p.page.Next = cursor(p.after)
				return true, nil
			}
			if err := p.add(ctx, key); err != nil {
				return false, err
			}
			p.after = key
			p.scanned++
		}
	}
}

// add puts a record on the page, if it is a case in the state that was asked for.
func (p *pager) add(ctx context.Context, key bot.Key) error {
	c, err := p.cfg.Engine.Store().Conversation(ctx, key)
	if errors.Is(err, bot.ErrNone) || err == nil && (!shop.IsCase(&c) || p.call.State != "" && c.State != p.call.State) {
		return nil
	}
	if err != nil {
		return err
	}
	one, err := p.cases.Of(ctx, &c)
	p.page.Cases = append(p.page.Cases, one)
	return err
}

// terms is what to look through: the cases of an order, or of each flow; only the open ones where the state asked for is no
// end of the flow.
func (p *pager) terms() []string {
	if p.call.Order != "" {
		return []string{"order:" + p.call.Order}
	}
	var terms []string
	for _, f := range p.cfg.Engine.Flows().All {
		s, knows := f.States[p.call.State]
		switch {
		case !slices.Contains(shop.CaseFlows(), f.Name), p.call.State != "" && !knows:
		case knows && !s.End():
			terms = append(terms, "open:flow:"+f.Name)
		default:
			terms = append(terms, "flow:"+f.Name)
		}
	}
	// The cursor is one key for all terms, so the terms have to be in the order of their keys.
	slices.SortFunc(terms, func(a, b string) int { // as their keys are
		return strings.Compare(strings.TrimPrefix(a, "open:"), strings.TrimPrefix(b, "open:"))
	})
	return terms
}

// cursor writes the last key of a page so that callers do not read meaning into it; the leading 1 is the version of the
// form.
func cursor(after bot.Key) string { return base64.RawURLEncoding.EncodeToString([]byte("1" + after)) }

// readCursor reads what cursor wrote; the error is a problem document.
func readCursor(text string) (bot.Key, error) {
	if text == "" {
		return "", nil
	}
	key, err := base64.RawURLEncoding.DecodeString(text)
	after, ok := strings.CutPrefix(string(key), "1")
	if err != nil || !ok {
		return "", problem(http.StatusUnprocessableEntity, "some fields are not right",
			&huma.ErrorDetail{Message: "not a cursor; pass next_cursor on as it is", Location: "query.cursor"})
	}
	return bot.Key(after), nil
}
