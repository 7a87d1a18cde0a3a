package rest

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"nevermind/adapters/shop"
)

// orderAt names one order.
type orderAt struct {
	ID string `path:"id" doc:"The order's id" maxLength:"64" example:"8123456789012345"`
}

// orderCall is an order as it is put.
type orderCall struct {
	ID string `path:"id" doc:"The order's id" maxLength:"64" example:"8123456789012345"`
	body
}

// orderAnswer is an order as it is stored.
type orderAnswer struct{ Body shop.Order }

const orderPath = "/v1/orders/{id}"

// orders registers the calls that put and get one order.
func (a *API) orders(routes huma.API) {
	huma.Register(routes, huma.Operation{
		OperationID: "put-order", Method: http.MethodPut, Path: orderPath, Tags: []string{"Orders"}, Summary: "Put an order",
		Description: "The whole order, new or changed; to repeat it does no harm. An order older than the one held (by " +
			"`updated_at`) changes nothing, " +
			"an equally old one is applied; the order held afterwards is the answer. Whoever has a case about the order is told what " +
			"has changed.",
		Errors: writeErrors,
	}, a.putOrder)
	huma.Register(routes, huma.Operation{
		OperationID: "get-order", Method: http.MethodGet, Path: orderPath, Tags: []string{"Orders"},
		Summary: "Get an order as it is held",
		Errors:  readErrors,
	}, a.oneOrder)
	whole := a.schema(typeOf[shop.Order](), "Order")
	a.document.Paths[orderPath].Put.RequestBody = bodyOf(whole, "application/json", "The whole order")
	nullable(a.document.Components.Schemas.Map()["Order"], "coupon", "tracking")
}

// putOrder stores an order and answers with the one stored afterwards, which is another where a newer one was there.
func (a *API) putOrder(ctx context.Context, call *orderCall) (*orderAnswer, error) {
	text, err := call.read()
	if err != nil {
		return nil, err
	}
	o, err := shop.Decode(text, a.cfg.Engine.Policy())
	if err != nil {
		return nil, a.asProblem(ctx, err, "order")
	}
	// A path and a body that disagree are a mistake of the caller's program.
	if o.ID != call.ID {
		return nil, problem(http.StatusUnprocessableEntity, "some fields are not right",
			&huma.ErrorDetail{Message: "the path names another order", Location: "body.id"})
	}
	held, err := a.cfg.Put(ctx, o)
	if err != nil {
		return nil, a.asProblem(ctx, err, "order")
	}
	return &orderAnswer{shop.NewOrder(held)}, nil
}

// oneOrder answers with an order as it is stored.
func (a *API) oneOrder(ctx context.Context, call *orderAt) (*orderAnswer, error) {
	o, err := a.cfg.Engine.Order(ctx, call.ID)
	if err != nil {
		return nil, a.asProblem(ctx, err, "order")
	}
	return &orderAnswer{shop.NewOrder(o)}, nil
}
