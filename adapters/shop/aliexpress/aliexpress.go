// Package aliexpress speaks the seller's side of AliExpress's Open Platform, as public SDKs and recorded answers show it. It is
// held to the suite of every connector against a fake of ours that speaks the same schema. NOT TRIED ON THE REAL
// SERVICE: nothing here has ever met AliExpress, so serve does not offer it yet.
//
// What differs from other shops: a seller cancels nothing by themselves. They accept what the buyer has asked for (IN_CANCEL),
// of the whole order alone, and then AliExpress pays it all back by itself. So there is no refund to begin and none to
// settle; a part of the money goes back only as the outcome of an issue, which is decided there (Issue).
package aliexpress

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"nevermind/adapters/shop/connector"
	"nevermind/bot"
)

// System is a seller's account. It is safe for concurrent use.
type System struct {
	URL, AppKey, Secret, Session string
	Client                       *http.Client
	Now                          func() time.Time
}

// The calls, by the names of public SDKs.
const (
	findOrder    = "aliexpress.trade.new.redefining.findorderbyid"
	findOrders   = "aliexpress.trade.seller.orderlist.get"
	acceptCancel = "aliexpress.trade.seller.order.acceptcancel"
)

// Orders reads orders one by one: there is no call for several.
func (s *System) Orders(ctx context.Context, ids ...string) (all []connector.Order, err error) {
	for _, id := range ids {
		var data struct{ Order *order }
		if err := s.call(ctx, findOrder, map[string]string{"order_id": id}, &data); err != nil {
			return nil, err
		}
		if data.Order != nil {
			all = append(all, data.Order.read())
		}
	}
	return all, nil
}

// pageSize is how many orders a page of the list has.
const pageSize = 50

// Changed reads orders by when they were last modified. The list has pages; what is skipped is whole pages and a rest.
func (s *System) Changed(ctx context.Context, since time.Time, skip int) (all []connector.Order, err error) {
	var data struct{ OrderList []order }
	err = s.call(ctx, findOrders, map[string]string{
		"modified_date_start": since.In(pacific).Format(timeLayout),
		"page":                fmt.Sprint(1 + skip/pageSize), "page_size": fmt.Sprint(pageSize),
	}, &data)
	for n := range data.OrderList {
		all = append(all, data.OrderList[n].read())
	}
	return all[min(skip%pageSize, len(all)):], err
}

// Cancel accepts the buyer's wish to cancel the order.
func (s *System) Cancel(ctx context.Context, o *connector.Order, parts []bot.Part, _ string) error {
	if len(parts) > 0 {
		return connector.Refusal{Why: "AliExpress cancels whole orders only"}
	}
	return s.call(ctx, acceptCancel, map[string]string{"order_id": o.ID}, &struct{}{})
}

// Refund has nothing to do: what is cancelled is paid back by AliExpress. What stands is not paid back by a seller.
func (s *System) Refund(_ context.Context, o *connector.Order, _ bot.PaymentShare, _ string) error {
	if o.Stage != bot.Cancelled {
		return connector.Refusal{Why: "AliExpress pays back what is cancelled, or decided in an issue"}
	}
	return nil
}

// Settle is nothing that is ours to do.
func (s *System) Settle(context.Context, *connector.Order, connector.Refund) error {
	return connector.Refusal{Why: "AliExpress settles refunds by itself"}
}

// call makes one signed call. What the platform answers as an error of the request was not done.
func (s *System) call(ctx context.Context, method string, parameters map[string]string, into any) error {
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	all := url.Values{}
	for name, value := range parameters {
		all.Set(name, value)
	}
	for name, value := range map[string]string{
		"method": method, "app_key": s.AppKey, "session": s.Session, "sign_method": "sha256",
		"timestamp": fmt.Sprint(s.Now().UnixMilli()),
	} {
		all.Set(name, value)
	}
	all.Set("sign", sign(all, s.Secret))
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL, strings.NewReader(all.Encode()))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := s.Client.Do(r)
	if err != nil {
		var u *url.Error
		if errors.As(err, &u) {
			err = u.Err // the address may hold the session
		}
		return err
	}
	defer answer.Body.Close()
	var body struct {
		Result json.RawMessage
		Error  *struct{ Code, Msg string } `json:"error_response"`
	}
	if err := json.NewDecoder(answer.Body).Decode(&body); err != nil {
		return fmt.Errorf("the shop answers with status %d, and not in JSON", answer.StatusCode)
	}
	switch {
	case body.Error == nil:
		return json.Unmarshal(body.Result, into)
	case strings.HasPrefix(body.Error.Code, "isv."): // of business
		return connector.Refusal{Why: "the shop says " + bot.Shorten(body.Error.Code, 100)}
	}
	return fmt.Errorf("the shop answers %s", bot.Shorten(body.Error.Code, 100)) // a limit, a session that has ended
}

// sign is the platform's signature: names and values in the order of the names, by HMAC-SHA256.
func sign(all url.Values, secret string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if name != "sign" {
			mac.Write([]byte(name + all.Get(name)))
		}
	}
	return strings.ToUpper(hex.EncodeToString(mac.Sum(nil)))
}
