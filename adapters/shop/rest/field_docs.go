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
		"payment_method": "card, bank, wallet, other, or a name under refunds in the policy",
		"country":        "Where it is delivered, ISO 3166: rules may differ by country",
		"refunded": "What you have paid back by yourself so far, besides what refund.pay asked for: it is not paid again, and an " +
			"open case hears of it",
	},
	"OrderParcel": {
		"destination": "Where the carrier says the parcel goes, ISO 3166: another country than the order's is a reason to doubt the " +
			"code",
	},
	"OrderItem": {
		"image_url": "A picture, http or https; empty where there is none",
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
