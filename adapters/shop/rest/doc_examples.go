package rest

import (
	_ "embed"
	"encoding/json"
)

// Example is a call to copy: a command for a shell, and what it answers. A test runs all of them in this order and compares
// the answers with doc_examples.json.
type Example struct {
	Call    string `json:"call"` // the operation's id
	Says    string `json:"says"`
	Command string `json:"command"`
	Answer  string `json:"answer"`
}

// recordedAnswers are the answers to the examples, as the test last wrote them.
//
//go:embed doc_examples.json
var recordedAnswers []byte

// Examples returns the examples with their recorded answers.
func Examples() []Example {
	var answers []string
	if err := json.Unmarshal(recordedAnswers, &answers); err != nil {
		panic(err) // embedded, and read by a test
	}
	all := make([]Example, len(examples))
	for i, t := range examples {
		if i < len(answers) {
			t.Answer = answers[i]
		}
		all[i] = t
	}
	return all
}

// What every example's command has in it.
const (
	auth   = ` -H "Authorization: Bearer $NEVERMIND_API_KEY"`
	asJSON = ` -H "Content-Type: application/json"`
)

// examples are the calls of docs/api.md, in its order; several may show the same operation.
var examples = []Example{
	{Call: "put-order", Says: "An order, as your shop has it:",
		Command: `curl -s -X PUT "$NEVERMIND/v1/orders/8123456789012345"` + auth + asJSON + ` -d '
{"id":"8123456789012345","buyer_id":"b-1","seller_id":"s-1","stage":"processing",
 "placed_at":"2026-11-20T09:00:00Z","paid_at":"2026-11-20T09:05:00Z","ship_by":"2026-11-27T00:00:00Z",
 "shipped_at":null,"deliver_by":null,"delivered_at":null,"updated_at":"2026-11-20T09:05:00Z",
 "payment_method":"card","currency":"USD","total":"24.90","shipping_fee":"2.50",
 "coupon":{"code":"NOV5","amount":"5.00","used":true},
 "tracking":{"carrier":"","code":""},
 "items":[{"id":"1","title":"Bamboo lamp","quantity":1,"price":"22.40","image_url":""}]}'`},
	{Call: "put-order", Says: "An order of three lamps, paid in two ways, of which one has left and none is cancelled; " +
		"the card's bank " +
		"has taken its money back:",
		Command: `curl -s -X PUT "$NEVERMIND/v1/orders/85"` + auth + asJSON + ` -d '
{"id":"85","buyer_id":"b-2","seller_id":"s-1","stage":"part_shipped","placed_at":"2026-11-20T09:00:00Z",
 "updated_at":"2026-11-22T09:05:00Z","currency":"USD","total":"64.70","shipping_fee":"2.50",
 "return_address":"Lumen Home Store\n12 Mill Lane\nLeeds LS1 4AP",
 "items":[{"id":"1","title":"Bamboo lamp","quantity":3,"price":"67.20","cancelled_quantity":0}],
 "discounts":[{"code":"NOV5","amount":"5.00","items":["1"],"used":true}],
 "parcels":[{"id":"p-1","carrier":"Royal Mail","code":"RB123456785GB","shipped_at":"2026-11-22T09:00:00Z",
  "items":[{"id":"1","quantity":1}]}],
 "payments":[{"id":"pay-1","method":"gift_card","amount":"20.00"},{"id":"pay-2","method":"card","amount":"44.70"}],
 "adjustments":[{"id":"a-1","type":"chargeback","amount":"44.70","payment":"pay-2","status":"open",
  "at":"2026-11-22T09:05:00Z"}]}'`},
	{Call: "put-order", Says: "Something is wrong: every fault is named at once, and nothing is kept.",
		Command: `curl -s -X PUT "$NEVERMIND/v1/orders/82"` + auth + asJSON + ` -d '
{"id":"82","buyer_id":"b-1","seller_id":"s-1","stage":"sent","placed_at":"yesterday","currency":"USD","total":24.90,
 "items":[{"id":"1","title":"Bamboo lamp","quantity":1,"price":"22.40"}]}'`},
	{Call: "put-orders", Says: "Many orders, one a line; here two, of which one is wrong:",
		Command: `printf '%s\n' \
  '{"id":"83","buyer_id":"b-2","seller_id":"s-1","stage":"unpaid","placed_at":"2026-11-20T09:00:00Z",` +
			`"currency":"JPY","total":"2490","items":[{"id":"1","title":"Bamboo lamp","quantity":1,"price":"2490"}]}' \
  '{"id":"84"' |
curl -s "$NEVERMIND/v1/orders"` + auth + ` -H "Content-Type: application/x-ndjson" --data-binary @-`},
	{Call: "get-order", Says: "An order as it is held:", Command: `curl -s "$NEVERMIND/v1/orders/83"` + auth},
	{Call: "make-link", Says: "A link by which a buyer's chat becomes theirs. Show it in your app, to that buyer alone:",
		Command: `curl -s "$NEVERMIND/v1/links"` + auth + asJSON +
			` -d '{"role":"buyer","id":"b-1","name":"Ana","locale":"es","time_zone":"Europe/Madrid"}'`},
	{Call: "list-cases", Says: "The cases that wait for support; leave `state` out for all of them, or name an `order`:",
		Command: `curl -s "$NEVERMIND/v1/cases?state=with_support"` + auth},
	{Call: "get-report", Says: "November, by seller:",
		Command: `curl -s -G "$NEVERMIND/v1/reports" -d from=2026-11-01 -d to=2026-12-01 -d by=seller` + auth},
	{Call: "get-case", Says: "One case:", Command: `curl -s "$NEVERMIND/v1/cases/C-7Q2M9K4D"` + auth},
	{Call: "end-task",
		Says:    "A command that was answered with 202 has ended. `TASK_ID` is its `task_id`; of a refund the case has it too:",
		Command: `curl -s "$NEVERMIND/v1/tasks/$TASK_ID"` + auth + asJSON + ` -d '{"outcome":"done"}'`},
	{Call: "end-task", Says: "Another outcome than the first changes nothing; support is told:",
		Command: `curl -s "$NEVERMIND/v1/tasks/$TASK_ID"` + auth + asJSON +
			` -d '{"outcome":"failed","detail":"the bank sent it back"}'`},
}
