package rest

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"nevermind/adapters/shop"
	"nevermind/bot"
)

// problem is an error answer by RFC 9457.
func problem(status int, detail string, faults ...*huma.ErrorDetail) *huma.ErrorModel {
	return &huma.ErrorModel{Title: http.StatusText(status), Status: status, Detail: detail, Errors: faults}
}

// faultsProblem names every field that is at fault; a text that cannot be read at all is a bad request (400), a wrong field
// 422.
func faultsProblem(faults shop.Faults) *huma.ErrorModel {
	p := problem(http.StatusUnprocessableEntity, "some fields are not right")
	for _, f := range faults {
		at := "body"
		// A fault without a field means that the body could not be read at all.
		if f.Field == "" {
			p = problem(http.StatusBadRequest, f.Plain(), p.Errors...)
		} else {
			at += "." + f.Field
		}
		if len(p.Errors) < maxFaults {
			p.Errors = append(p.Errors, &huma.ErrorDetail{Message: f.Plain(), Location: at})
		}
	}
	return p
}

// maxFaults is how many faults one answer names.
const maxFaults = 50

// withoutValues removes the values from the framework's own problems: they may be personal.
func withoutValues(_ huma.Context, _ string, v any) (any, error) {
	p, ok := v.(*huma.ErrorModel)
	if !ok {
		return v, nil
	}
	plain := *p
	plain.Errors = make([]*huma.ErrorDetail, 0, len(p.Errors))
	for _, e := range p.Errors {
		plain.Errors = append(plain.Errors, &huma.ErrorDetail{Message: e.Message, Location: e.Location})
	}
	return &plain, nil
}

// asProblem makes the answer of an error; what is the noun it is about. An error that is our own fault is logged, and the
// caller is told nothing of it.
func (a *API) asProblem(ctx context.Context, err error, what string) error {
	p, headers := a.classify(ctx, err, what)
	if headers == nil {
		return p
	}
	return huma.ErrorWithHeaders(p, headers)
}

// classify is the problem for an error, with the headers that go with it.
func (a *API) classify(ctx context.Context, err error, what string) (*huma.ErrorModel, http.Header) {
	var said *huma.ErrorModel
	faults, wrong := shop.FaultsOf(err)
	switch {
	case errors.As(err, &said):
		return said, nil
	case wrong:
		return faultsProblem(faults), nil
	case errors.Is(err, bot.ErrNone):
		return problem(http.StatusNotFound, "there is no such "+what), nil
	case errors.Is(err, bot.ErrSeen):
		return problem(http.StatusConflict, "it has already ended otherwise; the first outcome stands, and support has been told"), nil
	// Nothing was stored, so the same call may be made again.
	case errors.Is(err, bot.ErrBusy), errors.Is(err, bot.ErrStale), errors.Is(err, bot.ErrClosed), ctx.Err() != nil:
		p := problem(http.StatusServiceUnavailable, "too much is waiting to be stored; nothing was changed, so please ask again")
		return p, http.Header{"Retry-After": {"1"}}
	}
	a.cfg.Log.Error("a call to the API has failed", "what", what, "why", err)
	return problem(http.StatusInternalServerError, detailOurFault), nil
}

// detailOurFault is all that a caller is told of a fault of our own; the log has more.
const detailOurFault = "something went wrong on our side; it is safe to ask again"

// writeProblem writes a problem outside the framework's handlers.
func writeProblem(w http.ResponseWriter, p *huma.ErrorModel) {
	plain, _ := withoutValues(nil, "", p)
	text, err := json.Marshal(plain)
	if err != nil {
		text = []byte(`{"title":"Internal Server Error","status":500}`)
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(cmp.Or(p.Status, http.StatusInternalServerError))
	w.Write(append(text, '\n')) //nolint:errcheck // whoever asked has gone
}
