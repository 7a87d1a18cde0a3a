package slacktest

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// schemas are Slack's published shapes.
type schemas struct {
	mu       sync.Mutex
	c        *jsonschema.Compiler
	compiled map[string]*jsonschema.Schema
}

// The files of shapes, and where they lie beside the repository.
const (
	outbound = "outbound.web-api-8.2.0.schema.json"
	inbound  = "inbound.types-3.2.0-bolt-5.1.0.schema.json"
)

// Specs finds the folder of Slack's shapes above the working directory; the empty string where there is none.
func Specs() string {
	dir, err := os.Getwd()
	if err != nil {
		return ""
	}
	for range 8 {
		for _, beside := range []string{"shared", "../shared"} {
			found := filepath.Join(dir, beside, "specs", "slack")
			if _, err := os.Stat(filepath.Join(found, outbound)); err == nil {
				return found
			}
		}
		dir = filepath.Dir(dir)
	}
	return ""
}

// loadSchemas reads the shapes; without them calls go unchecked, and the test says so.
func loadSchemas(t testing.TB) *schemas {
	folder := Specs()
	if folder == "" {
		t.Log("slacktest: ../shared/specs/slack is not here, so calls are not held against Slack's schemas")
		return nil
	}
	s := &schemas{c: jsonschema.NewCompiler(), compiled: map[string]*jsonschema.Schema{}}
	for _, name := range []string{outbound, inbound} {
		f, err := os.Open(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		doc, err := jsonschema.UnmarshalJSON(f)
		f.Close()
		if err == nil {
			err = s.c.AddResource("https://slack.test/"+name, doc)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// check holds a value against a definition of a file.
func (s *schemas) check(file, definition string, v any) error {
	if s == nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	at := "https://slack.test/" + file + "#/definitions/" + definition
	one := s.compiled[at]
	if one == nil {
		var err error
		if one, err = s.c.Compile(at); err != nil {
			return err
		}
		s.compiled[at] = one
	}
	return one.Validate(plainJSON(v))
}

// plainJSON makes a value what a decoder would have made of it.
func plainJSON(v any) any {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err) // values of tests
	}
	out, err := jsonschema.UnmarshalJSON(strings.NewReader(string(raw)))
	if err != nil {
		panic(err)
	}
	return out
}

// argumentTypes are the definitions of what each method takes.
var argumentTypes = map[string]string{
	"apps.connections.open":        "AppsConnectionsOpenArguments",
	"auth.test":                    "AuthTestArguments",
	"bots.info":                    "BotsInfoArguments",
	"chat.delete":                  "ChatDeleteArguments",
	"chat.postEphemeral":           "ChatPostEphemeralArguments",
	"chat.postMessage":             "ChatPostMessageArguments",
	"chat.update":                  "ChatUpdateArguments",
	"conversations.history":        "ConversationsHistoryArguments",
	"conversations.info":           "ConversationsInfoArguments",
	"conversations.members":        "ConversationsMembersArguments",
	"conversations.open":           "ConversationsOpenArguments",
	"conversations.replies":        "ConversationsRepliesArguments",
	"files.completeUploadExternal": "FilesCompleteUploadExternalArguments",
	"files.info":                   "FilesInfoArguments",
	"files.getUploadURLExternal":   "FilesGetUploadURLExternalArguments",
	"reactions.add":                "ReactionsAddArguments",
	"users.info":                   "UsersInfoArguments",
	"views.open":                   "ViewsOpenArguments",
	"views.publish":                "ViewsPublishArguments",
	"views.push":                   "ViewsPushArguments",
	"views.update":                 "ViewsUpdateArguments",
}

// blockTypes are the definitions of blocks by their type.
var blockTypes = map[string]string{
	"actions":   "ActionsBlock",
	"context":   "ContextBlock",
	"divider":   "DividerBlock",
	"header":    "HeaderBlock",
	"image":     "ImageBlock",
	"input":     "InputBlock",
	"rich_text": "RichTextBlock",
	"section":   "SectionBlock",
}

// checkCall checks a call: its arguments, each block by itself, and what the schemas do not say.
func (s *Slack) checkCall(method string, args map[string]any) {
	blocks, _ := args["blocks"].([]any)
	most := 50
	if view, ok := args["view"].(map[string]any); ok {
		blocks, _ = view["blocks"].([]any)
		most = 100
		s.checkView(method, view)
	}
	if len(blocks) > most {
		s.fail("%s: %d blocks, %d are allowed", method, len(blocks), most)
	}
	s.checkBlocks(method, blocks)
	if text := str(args["text"]); method == "chat.update" && len([]rune(text)) > 4000 {
		s.fail("%s: a text of %d characters is refused", method, len([]rune(text)))
	}
	if strings.HasPrefix(method, "chat.") && method != "chat.delete" && str(args["text"]) == "" {
		s.fail("%s: there is no text for notifications and screen readers", method)
	}
	if name := argumentTypes[method]; name == "" {
		s.fail("%s is called, and nobody knows its shape", method)
	} else if err := s.schemas.check(outbound, name, args); err != nil {
		s.fail("%s does not fit Slack's schema: %v\n%s", method, err, abridged(args))
	}
}

// checkBlocks checks each block by its type's schema, and that no action id is there twice.
func (s *Slack) checkBlocks(method string, blocks []any) {
	seen := map[string]bool{}
	for _, b := range blocks {
		block, _ := b.(map[string]any)
		if name := blockTypes[str(block["type"])]; name == "" {
			s.fail("%s: a block of type %q is not known here", method, block["type"])
		} else if err := s.schemas.check(outbound, name, block); err != nil {
			s.fail("%s: a block does not fit: %v\n%s", method, err, abridged(block))
		}
		elements, _ := block["elements"].([]any)
		for _, e := range elements {
			element, _ := e.(map[string]any)
			if id := str(element["action_id"]); id != "" && seen[id] {
				s.fail("%s: the action id %q is there twice", method, id)
			} else {
				seen[id] = true
			}
		}
	}
}

// checkView checks what a view may be besides its schema.
func (s *Slack) checkView(method string, view map[string]any) {
	blocks, _ := view["blocks"].([]any)
	ids := map[string]bool{}
	for _, b := range blocks {
		block, _ := b.(map[string]any)
		if block["type"] == "input" && view["submit"] == nil {
			s.fail("%s: a view with inputs has no submit", method)
		}
		if id := str(block["block_id"]); id != "" && ids[id] {
			s.fail("%s: the block id %q is there twice", method, id)
		} else {
			ids[id] = true
		}
	}
	if raw, _ := json.Marshal(view); len(raw) > 250_000 {
		s.fail("%s: a view of %d bytes", method, len(raw))
	}
	shape := "ModalView"
	if method == "views.publish" {
		shape = "HomeView"
	}
	if err := s.schemas.check(outbound, shape, view); err != nil {
		s.fail("%s: the view does not fit: %v", method, err)
	}
}

// checkInbound checks what this Slack sends itself.
func (s *Slack) checkInbound(definition string, v any) {
	if err := s.schemas.check(inbound, definition, v); err != nil {
		s.fail("what the fake itself sends is no %s: %v\n%s", definition, err, abridged(v))
	}
}

// checkFile checks what files.info says of a file, unless that is of a mode which the schema does not have.
func (s *Slack) checkFile(o map[string]any) {
	if slices.Contains([]string{"hosted", "external", "snippet", "post"}, str(o["mode"])) {
		s.checkInbound("File", o)
	}
}

// abridged is a value as JSON, cut off, for a failure's message.
func abridged(v any) string {
	raw, _ := json.Marshal(v)
	if len(raw) > 1500 {
		raw = append(raw[:1500], "…"...)
	}
	return string(raw)
}
