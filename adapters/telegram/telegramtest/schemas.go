package telegramtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// schemas are the closed parameter schemas of the Bot API's methods, compiled when first wanted: a parameter that a method does
// not have is a fault too. Where the folder is not found, only limits are checked.
type schemas struct {
	compiler *jsonschema.Compiler
	names    map[string]string // definitions by method in lower case

	mu   sync.Mutex
	made map[string]*jsonschema.Schema
}

// findSchemas looks for ../shared/specs/telegram upwards from here.
func findSchemas() string {
	at, err := os.Getwd()
	for err == nil {
		for _, candidate := range []string{filepath.Join(at, "shared/specs/telegram"), filepath.Join(at, "../shared/specs/telegram")} {
			if _, err := os.Stat(filepath.Join(candidate, "bot-api-10.3.method-params.schema.json")); err == nil {
				return candidate
			}
		}
		if filepath.Dir(at) == at {
			break
		}
		at = filepath.Dir(at)
	}
	return ""
}

func (s *Server) schema() *schemas {
	loaded.Lock()
	defer loaded.Unlock()
	if loaded.byFolder[s.Schemas] == nil {
		loaded.byFolder[s.Schemas] = loadSchemas(s.Schemas)
	}
	return loaded.byFolder[s.Schemas]
}

// loaded are the schemas that were read before, by folder: they are the same for all servers.
var loaded = struct {
	sync.Mutex
	byFolder map[string]*schemas
}{byFolder: map[string]*schemas{}}

func loadSchemas(folder string) *schemas {
	all := &schemas{names: map[string]string{}, made: map[string]*jsonschema.Schema{}}
	if folder == "" {
		return all
	}
	raw, err := os.ReadFile(filepath.Join(folder, "bot-api-10.3.method-params.schema.json"))
	if err != nil {
		return all
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		panic(fmt.Errorf("read %s: %w", folder, err))
	}
	all.compiler = jsonschema.NewCompiler()
	if err := all.compiler.AddResource("params.json", doc); err != nil {
		panic(err)
	}
	for name := range doc.(map[string]any)["definitions"].(map[string]any) {
		if method, ok := strings.CutSuffix(name, "Params"); ok {
			all.names[strings.ToLower(method)] = name
		}
	}
	return all
}

// check says what is wrong with a call.
func (all *schemas) check(c *Call) (faults []string) {
	faults = limits(c)
	if all.compiler == nil {
		return faults
	}
	method := strings.ToLower(c.Method)
	name, ok := all.names[method]
	if !ok {
		if len(c.Params) > 0 {
			faults = append(faults, "takes no parameters")
		}
		return faults
	}
	raw, err := json.Marshal(c.Params)
	if err != nil {
		return append(faults, err.Error())
	}
	params, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		return append(faults, err.Error())
	}
	if err := all.of(name).Validate(params); err != nil {
		faults = append(faults, strings.ReplaceAll(err.Error(), "\n", " "))
	}
	return faults
}

func (all *schemas) of(name string) *jsonschema.Schema {
	all.mu.Lock()
	defer all.mu.Unlock()
	if all.made[name] == nil {
		all.made[name] = all.compiler.MustCompile("params.json#/definitions/" + name)
	}
	return all.made[name]
}

// limits says which of the Bot API's limits a call breaks; a schema knows none of these.
func limits(c *Call) (faults []string) {
	most := func(name string, n, limit int) {
		if n > limit {
			faults = append(faults, fmt.Sprintf("%s has %d, at most %d", name, n, limit))
		}
	}
	most("raw text in bytes", len(c.text("text")), 32768)
	most("caption", utf16Len(c.text("caption")), 1024)
	most("description", utf16Len(c.text("description")), 512)
	most("short_description", utf16Len(c.text("short_description")), 120)
	most("secret_token", len(c.text("secret_token")), 256)
	var commands []struct{ Command, Description string }
	_ = c.into("commands", &commands)
	most("commands", len(commands), 100)
	for _, one := range commands {
		most("description of /"+one.Command, utf16Len(one.Description), 256)
		if one.Description == "" || !isCommand(one.Command) {
			faults = append(faults, "no command: /"+one.Command)
		}
	}
	if c.Method == "sendMessage" || c.Method == "editMessageText" {
		if strings.ContainsRune(string(c.Params["parse_mode"]), 'M') {
			faults = append(faults, "a parse mode is used")
		}
	}
	return faults
}

func isCommand(s string) bool {
	for _, r := range s {
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '_' {
			return false
		}
	}
	return len(s) >= 1 && len(s) <= 32
}
