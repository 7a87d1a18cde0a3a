package rest

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"nevermind/adapters/shop"
)

// outcome is how a command has ended.
type outcome struct {
	Outcome string `json:"outcome" enum:"done,failed,bounced" example:"done"`
	Detail  string `json:"detail,omitempty" doc:"Why it failed or came back, for support to read" maxLength:"300"`
}

// taskCall is how a command has ended, and which.
type taskCall struct {
	ID string `path:"task_id" doc:"The command's task_id" maxLength:"64" example:"T-0f3a9c1b2d4e5f60718a"`
	body
}

// taskAnswer repeats the outcome that was taken.
type taskAnswer struct{ Body outcome }

// tasks registers the call that tells a command's outcome.
func (a *API) tasks(routes huma.API) {
	huma.Register(routes, huma.Operation{
		OperationID: "end-task", Method: http.MethodPost, Path: "/v1/tasks/{task_id}", Tags: []string{"Commands"},
		Summary: "Say how a command has ended",
		Description: "For a command (`order.cancel`, `refund.pay`) that was answered with 202. The first outcome stands; the same " +
			"again is 200, another one 409 and shown to support. " +
			"`failed` ends the task: support is told, and only a person starts another. A refund that was done and has come back is " +
			"`bounced`, at any time and once: buyer and support are told, and a person decides how it is paid instead.",
		Errors: append([]int{404, 409}, writeErrors...),
	}, a.endTask)
	how := a.schema(typeOf[outcome](), "Outcome")
	a.document.Paths["/v1/tasks/{task_id}"].Post.RequestBody = bodyOf(how, "application/json", "How it has ended")
}

// endTask passes the outcome to Config.End, which decides whether it is the first.
func (a *API) endTask(ctx context.Context, call *taskCall) (*taskAnswer, error) {
	text, err := call.read()
	if err != nil {
		return nil, err
	}
	ended, err := shop.DecodeEnded(text)
	if err != nil {
		return nil, a.asProblem(ctx, err, "task")
	}
	if err := a.cfg.End(ctx, call.ID, ended); err != nil {
		return nil, a.asProblem(ctx, err, "task")
	}
	switch {
	case ended.Done:
		return &taskAnswer{outcome{Outcome: "done"}}, nil
	case ended.Bounced:
		return &taskAnswer{outcome{Outcome: "bounced", Detail: ended.Detail}}, nil
	}
	return &taskAnswer{outcome{Outcome: "failed", Detail: ended.Detail}}, nil
}
