package rest

import (
	"cmp"
	"encoding/json"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
)

// What every call may be answered, and what one that sends something may be answered besides.
var (
	// readErrors are the statuses that a call may answer which only reads.
	readErrors  = []int{401, 403, 404, 422, 500, 503}
	writeErrors = []int{400, 401, 403, 408, 413, 415, 422, 500, 503}
)

// describe says what the API is: its title, licence, key and chapters.
func describe(d *huma.OpenAPI, address string) {
	d.Info.Description = "The shop's side of Nevermind: put orders in, link people, read cases, say how commands have ended. " +
		"Every error is a problem document (RFC 9457) and names the field where there is one."
	d.Info.License = &huma.License{Name: "Apache 2.0", Identifier: "Apache-2.0"}
	// Without a public address the document is relative to where it was fetched.
	d.Servers = []*huma.Server{{URL: cmp.Or(address, "/")}}
	d.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"key": {Type: "http", Scheme: "bearer", Description: "NEVERMIND_API_KEY, or a key made by nevermind keys add, " +
			"whose scopes (orders, links, cases, operate) are what it opens"},
	}
	d.Security = []map[string][]string{{"key": {}}}
	d.Tags = []*huma.Tag{
		{Name: "Orders", Description: "What the shop sells; Nevermind only ever knows what it is told here"},
		{Name: "People", Description: "Who talks in which chat"},
		{Name: "Cases", Description: "Requests to cancel, returns and disputes"},
		{Name: "Commands", Description: "What Nevermind asks the shop to do"},
	}
}

// documents serves the document, written once at start.
func (a *API) documents() {
	describeFields(a.document.Components.Schemas.Map())
	text, err := json.Marshal(a.document)
	if err != nil {
		panic(err) // made of Go types at start; a test sees it
	}
	a.routes.HandleFunc("GET /v1/openapi.json", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Write(text) //nolint:errcheck // whoever asked has gone
	})
}

// typeOf is the reflect.Type of T.
func typeOf[T any]() reflect.Type { return reflect.TypeFor[T]() }

// schema puts a Go type into the document and returns a reference to it.
func (a *API) schema(t reflect.Type, name string) *huma.Schema {
	return a.document.Components.Schemas.Schema(t, true, name)
}

// bodyOf describes a body of one media type.
func bodyOf(s *huma.Schema, kind, says string) *huma.RequestBody {
	return &huma.RequestBody{Description: says, Required: true, Content: map[string]*huma.MediaType{kind: {Schema: s}}}
}

// nullable allows null in place of an object in the fields named.
func nullable(of *huma.Schema, fields ...string) {
	for _, name := range fields {
		field := of.Properties[name]
		of.Properties[name] = &huma.Schema{AnyOf: []*huma.Schema{{Ref: field.Ref}, {Type: "null"}}, Description: field.Description}
	}
}
