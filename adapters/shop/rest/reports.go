package rest

import (
	"context"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"nevermind/bot"
)

// reportCall is what a caller may ask of a report.
type reportCall struct {
	From string `query:"from" doc:"Requests made from here on: a day (midnight UTC) or a moment" example:"2026-11-01" maxLength:"40"`
	To   string `query:"to" doc:"Requests made before this" example:"2026-12-01" maxLength:"40"`
	By   string `query:"by" doc:"One breakdown: week, kind, seller, reason, language or method" example:"seller" maxLength:"40"`

	Sentences bool `query:"sentences" doc:"What people wrote of how their case was handled, too; who it was is not said"`
}

// reportAnswer is the answer to reportCall.
type reportAnswer struct{ Body bot.Report }

// reportRoute registers the call that says what came of requests.
func (a *API) reportRoute(routes huma.API) {
	huma.Register(routes, huma.Operation{
		OperationID: "get-report", Method: http.MethodGet, Path: "/v1/reports", Tags: []string{"Cases"},
		Summary: "Say what came of requests",
		Description: "How many were asked, answered, agreed, refunded and arrived, and where the others have left; reasons, sellers, " +
			"support, how long money took, and how people found it handled. Each request counts where it was made, whenever the rest " +
			"happened. docs/reports.md says what each number means.",
		Errors: readErrors,
	}, a.report)
}

// report answers a report as things stand.
func (a *API) report(ctx context.Context, call *reportCall) (*reportAnswer, error) {
	q, err := bot.ReadReportQuery(call.From, call.To, call.By)
	var wrong bot.ReportFault
	if errors.As(err, &wrong) {
		return nil, problem(http.StatusUnprocessableEntity, "something in the call is wrong",
			&huma.ErrorDetail{Location: "query." + wrong.Field, Message: wrong.Says})
	}
	if err == nil && a.cfg.Report == nil {
		err = bot.ErrNone
	}
	if err != nil {
		return nil, a.asProblem(ctx, err, "report")
	}
	q.Sentences = call.Sentences
	r, err := a.cfg.Report(ctx, q)
	if err != nil {
		return nil, a.asProblem(ctx, err, "report")
	}
	return &reportAnswer{r}, nil
}
