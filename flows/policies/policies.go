// Package policies reads what a marketplace decides, a YAML file, into a bot.Policy. The built-in pack says what the
// sources say, each entry with its own; an operator's file overrides parts of it.
package policies

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"

	"nevermind/bot"
)

//go:embed *.yaml
var embedded embed.FS

// builtin is the pack that counts where nothing else is said.
var builtin, _ = Base("aliexpress") // it is embedded

// Pack is a policy as read, with what the engine itself does not look at.
type Pack struct {
	Policy *bot.Policy
	Text   []byte // everything in it, merged: Load(Text, nil) gives the same policy with the same version
}

// Builtin returns the text of the built-in pack.
func Builtin() []byte { return append([]byte(nil), builtin...) }

// Bases are the names of the built-in packs.
func Bases() []string {
	files, _ := embedded.ReadDir(".") // it is in the binary
	var names []string
	for _, f := range files {
		names = append(names, strings.TrimSuffix(f.Name(), ".yaml"))
	}
	return names
}

// Base returns the text of a built-in pack by its name, and whether there is one.
func Base(name string) ([]byte, bool) {
	text, err := embedded.ReadFile(name + ".yaml")
	return text, err == nil
}

// Default returns the built-in pack that counts where nothing else is said.
func Default() (*Pack, error) { return Load(builtin, nil) }

// Read reads an operator's file: it is laid over the built-in pack that its "base" names, or over the default one.
func Read(file []byte) (*Pack, error) {
	base, fault := baseOf(file)
	if fault != nil {
		return nil, Faults{*fault}
	}
	return Load(base, file)
}

// Load lays a file over a base: an entry in the file replaces the base's together with its sources, what the file
// leaves out stays. Reasons, fees and claims are replaced as whole lists; a reason takes from the base's reason of the
// same id what it does not say itself. The error is Faults, all of them at once.
func Load(base, file []byte) (*Pack, error) {
	under, faults := read(base, nil)
	if faults != nil {
		return nil, fmt.Errorf("built-in policy: %w", faults)
	}
	all := under
	if len(file) > 0 {
		over, faults := read(file, under)
		if faults != nil {
			return nil, faults
		}
		all = under.with(over)
	}
	text, err := json.MarshalIndent(all, "", " ")
	if err != nil {
		return nil, fmt.Errorf("write policy: %w", err)
	}
	sum := sha256.Sum256(text)
	policy := all.policy()
	policy.Version = hex.EncodeToString(sum[:6])
	return &Pack{Policy: policy, Text: text}, nil
}
