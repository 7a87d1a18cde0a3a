package rest

import (
	"github.com/danielgtaylor/huma/v2"

	"nevermind/bot"
)

// fieldDocs are the descriptions of fields that are too long for a struct tag, by schema and field. Shorter ones stand in
// the tags beside the fields.
var fieldDocs = map[string]map[string]string{
	"Order": {
		"id": "The order's number: letters, digits and . _ : -",
		"updated_at": "When the order last changed, by your clock: an order older than the one held changes nothing. Where it is " +
			"left out, the latest of the other times counts",
		"payment_method": "card, bank, wallet, gift_card, other, or a name under refunds in the policy. Of several payments, the " +
			"largest",
		"country": "Where it is delivered, ISO 3166: rules may differ by country",
		"refunded": "What you have paid back by yourself so far, besides what refund.pay asked for: it is not paid again, and an " +
			"open case hears of it. Where adjustments are listed, the sum of the completed refunds of your own among them",
		"coupon":         "The discount code, or null; of several discounts, one of the whole order",
		"url":            "The order's page in your shop",
		"pay_url":        "Where an unpaid order is paid",
		"return_address": "Where goods are sent back to; several lines",
		"discounts": "What is taken off some lines or all of them. Where discounts or payments are given, the items' prices less the " +
			"discounts and with shipping_fee are the total, and so are the payments; in the short form nothing is summed",
		"parcels":     "Every parcel; tracking is then the one that left last, and may be left out",
		"payments":    "Every way in which it was paid, in the order in which it was; none gets back more than it paid",
		"adjustments": "Money that has moved since it was paid",
	},
	"OrderDiscount": {
		"items": "The ids of the lines that it is for; empty is the whole order",
	},
	"SentParcel": {
		"destination": "Where the carrier says it goes, ISO 3166",
		"url":         "Its page at the carrier",
		"shipped_at":  "When it left; a parcel without any time has left where the stage says so and no parcel has a time",
		"items": "What is in it; where a parcel that left does not say, all that is not delivered may have left, and nothing can be " +
			"cancelled by quantity",
	},
	"OrderPayment": {
		"method": "As payment_method",
	},
	"OrderAdjustment": {
		"type": "refund: of your own, or the refund.pay that task_id names; chargeback: taken back by the payer's bank; " +
			"price_adjustment: a part of the price given back",
		"status": "open, completed, or reversed. A chargeback that is open holds every refund of the order; completed is lost and " +
			"counts as paid back, reversed is won",
		"payment": "The id of the payment that it goes back to, where it is known",
		"task_id": "The refund.pay of ours that it is: then it is not counted twice",
	},
	"OrderParcel": {
		"destination": "Where the carrier says the parcel goes, ISO 3166: another country than the order's is a reason to doubt the " +
			"code",
	},
	"OrderItem": {
		"image_url": "A picture, http or https; empty where there is none",
		"cancelled_quantity": "How many of the line are cancelled. Name it, with 0 where none is, and a part of a line can be " +
			"cancelled; leave it out, and only whole lines can",
		"url": "Its page in your shop",
	},
	"Case": {
		"state": "awaiting_seller, negotiating, with_support, returning, refunding, the ends refunded, cancelled, withdrawn, " +
			"refused, or another between them",
		"reason": "The id of one of the policy's reasons, or the problem with the goods; empty where none was asked",
	},
	"CaseRefund": {
		"task_id": "The refund that is under way, for POST /v1/tasks/{task_id}; left out where none is",
	},
	"CaseMove": {
		"through":    "The buyer's own AI assistant had suggested it; the buyer pressed",
		"decided_by": "The agent who decided, where support's decision was carried out",
	},
	"LinkRequest": {
		"name": "How they are called; as held where it is left out",
	},
	"CasePage": {
		"next_cursor": "Where the next page begins; empty at the end. A page may be short, or empty, and yet not the last",
	},
}

// describeFields adds fieldDocs and the stages of orders to the document's schemas. A schema or a field that is not there
// is a mistake of ours, which every test that makes an API sees.
func describeFields(schemas map[string]*huma.Schema) {
	for schema, fields := range fieldDocs {
		for name, description := range fields {
			schemas[schema].Properties[name].Description = description
		}
	}
	stage := schemas["Order"].Properties["stage"]
	for _, s := range bot.Stages {
		stage.Enum = append(stage.Enum, string(s))
	}
}
