package rest_test

import (
	"bytes"
	"encoding/json"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Public tools, as the test runs them; none of them is part of the program.
var (
	goValidator  = []string{"go", "run", "github.com/getkin/kin-openapi/cmd/validate@v0.152.0"}
	npmValidator = []string{"npm", "exec", "--yes", "--package=@seriousme/openapi-schema-validator@2.11.0", "--", "validate-api"}
	generator    = []string{"go", "run", "github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen@v2.8.2"}
)

// tool runs a public tool and returns what it writes; where that has failed, also what it complains of: what the go command
// says of its downloads is no part of it. Where the tool cannot be had, the test says so and is skipped, but not in CI.
func tool(t *testing.T, dir string, command []string, args ...string) (string, error) {
	t.Helper()
	if testing.Short() {
		t.Skip("builds a public tool")
	}
	var out, wrong bytes.Buffer
	c := exec.CommandContext(t.Context(), command[0], append(command[1:], args...)...)
	c.Dir, c.Stdout, c.Stderr = dir, &out, &wrong
	c.Env = append(os.Environ(), "GOWORK=off")
	err := c.Run()
	for _, sign := range []string{"executable file not found", "no such host", "connection refused", "i/o timeout", "EAI_AGAIN",
		"ENOTFOUND", "Forbidden"} {
		if err != nil && os.Getenv("CI") == "" && strings.Contains(err.Error()+wrong.String(), sign) {
			t.Skipf("%s cannot be had here: %v", command, err)
		}
	}
	if err != nil {
		return out.String() + wrong.String(), err
	}
	return out.String(), nil
}

func (s *fixture) document(path string) []byte {
	s.t.Helper()
	w := s.ask("GET", path, "")
	if w.Code != 200 || w.Header().Get("Content-Type") != "application/json" {
		s.t.Fatalf("%s: %d %s", path, w.Code, w.Body)
	}
	return w.Body.Bytes()
}

// TestPublicValidators: the document passes two validators that others have made, and they would notice.
func TestPublicValidators(t *testing.T) {
	s, dir := newFixture(t), t.TempDir()
	newest := s.document("/v1/openapi.json")
	if !bytes.Contains(newest, []byte(`"openapi":"3.1`)) {
		t.Errorf("not OpenAPI 3.1: %.60s", newest)
	}
	files := map[string][]byte{
		"openapi.json": newest,
		"broken.json":  bytes.Replace(newest, []byte(`"get":`), []byte(`"gett":`), 1),
	}
	for name, text := range files {
		must(t, os.WriteFile(filepath.Join(dir, name), text, 0o600))
	}
	for _, validator := range [][]string{goValidator, npmValidator} {
		for name := range files {
			path := filepath.Join(dir, name)
			args := []string{path}
			if validator[0] == "go" {
				args = []string{"--", path}
			}
			out, err := tool(t, dir, validator, args...)
			fine := err == nil && !strings.Contains(out, `"valid": false`)
			if fine != (name != "broken.json") {
				t.Errorf("%s on %s: fine is %v\n%s", validator[2], name, fine, out)
			}
		}
	}
}

// TestTheDocumentKnowsEveryField: what the API answers has no field that the document does not have, and the other way.
func TestTheDocumentKnowsEveryField(t *testing.T) {
	s := newFixture(t)
	s.open("81")
	s.ask("PUT", "/v1/orders/81", strings.NewReplacer(`"coupon":{"code":"NOV5","amount":"5.00","used":true}`, `"coupon":null`,
		`"payment_method"`, `"country":"ES","url":"https://a.b/","pay_url":"https://a.b/","return_address":"Leeds",`+
			`"discounts":[{"amount":"0.00"}],"parcels":[{"id":"p-1"}],"payments":[{"id":"1","method":"card","amount":"24.90"}],`+
			`"adjustments":[{"id":"a-1","type":"refund","amount":"1.00","status":"completed"}],"refunded":"1.00","payment_method"`,
	).Replace(anOrder("81"))) // else they are left out
	var d struct {
		Components struct {
			Schemas map[string]struct{ Properties map[string]any }
		}
	}
	must(t, json.Unmarshal(s.document("/v1/openapi.json"), &d))
	for schema, path := range map[string]string{"Order": "/v1/orders/81", "Case": "/v1/cases/C-81"} {
		var got map[string]any
		must(t, json.Unmarshal(s.ask("GET", path, "").Body.Bytes(), &got))
		want := d.Components.Schemas[schema].Properties
		if schema == "Case" && want["follows"] != nil {
			delete(want, "follows") // left out of a case that follows none
		}
		delete(want, "buyer_name") // said along, and kept with the people
		delete(want, "seller_name")
		for name := range got {
			if want[name] == nil {
				t.Errorf("%s.%s is not in the document", schema, name)
			}
		}
		if len(got) != len(want) {
			t.Errorf("%s: got %d fields, want %d", schema, len(got), len(want))
		}
	}
}

// TestGeneratedClient: a client that a public generator makes of the document puts an order and reads a case.
func TestGeneratedClient(t *testing.T) {
	s, dir := newFixture(t), t.TempDir()
	s.open("81")
	server := httptest.NewServer(s.api)
	defer server.Close()
	must(t, os.WriteFile(filepath.Join(dir, "openapi.json"), s.document("/v1/openapi.json"), 0o600))
	must(t, os.WriteFile(filepath.Join(dir, "main.go"), []byte(useOfClient), 0o600))
	must(t, os.WriteFile(filepath.Join(dir, "go.mod"),
		[]byte("module client\n\ngo 1.26.0\n\nrequire github.com/oapi-codegen/runtime v1.8.0\n"), 0o600))
	code, err := tool(t, dir, generator, "-generate", "types,client", "-package", "main", "openapi.json")
	if err != nil {
		t.Fatalf("generate: %v\n%s", err, code)
	}
	code = code[strings.Index(code, "// Package main"):]
	must(t, os.WriteFile(filepath.Join(dir, "client.go"), []byte(code), 0o600))
	if out, err := tool(t, dir, []string{"go", "mod", "tidy"}); err != nil {
		t.Fatalf("tidy: %v\n%s", err, out)
	}
	t.Setenv("URL", server.URL)
	t.Setenv("KEY", key)
	out, err := tool(t, dir, []string{"go", "run", "."})
	want := "order 82 is processing, 1 line, coupon NOV5\ncase C-81 awaiting_seller, 24.90 USD none, then cancelling\n"
	if err != nil || out != want {
		t.Errorf("got %q (%v), want %q", out, err, want)
	}
}

// useOfClient is what a shop's developer writes around the generated client.
const useOfClient = `package main

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"os"
	"time"
)

func main() {
	ctx := context.Background()
	key := func(_ context.Context, r *http.Request) error {
		r.Header.Set("Authorization", "Bearer "+os.Getenv("KEY"))
		return nil
	}
	c, err := NewClientWithResponses(os.Getenv("URL"), WithRequestEditorFn(key))
	if err != nil {
		log.Fatal(err)
	}
	code, amount, used := "NOV5", "5.00", true
	o, err := c.PutOrderWithResponse(ctx, "82", Order{
		Id: "82", BuyerId: "b-1", SellerId: "s-1", Stage: "processing", PlacedAt: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC),
		Currency: "USD", Total: "24.90", Coupon: &OrderCoupon{Code: &code, Amount: &amount, Used: &used},
		Items: []OrderItem{{Id: "1", Title: "Bamboo lamp", Quantity: 1, Price: "22.40"}},
	})
	if err != nil || o.JSON200 == nil {
		log.Fatal(err, string(o.Body))
	}
	fmt.Printf("order %s is %s, %d line, coupon %s\n", o.JSON200.Id, o.JSON200.Stage, len(o.JSON200.Items), *o.JSON200.Coupon.Code)
	got, err := c.GetCaseWithResponse(ctx, "C-81")
	if err != nil || got.JSON200 == nil {
		log.Fatal(err, string(got.Body))
	}
	k := got.JSON200
	fmt.Printf("case %s %s, %s %s %s, then %s\n", k.Id, k.State, k.Refund.Amount, k.Refund.Currency, k.Refund.Status,
		k.Deadlines[0].Then)
}
`
