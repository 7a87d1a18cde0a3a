package policies

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"nevermind/bot"
)

// Change is an entry in which two policies differ, as a file would name it.
type Change struct {
	Entry string `json:"entry"` // "windows.seller_answer"
	Was   string `json:"was"`   // "none" where a policy says nothing of it
	Now   string `json:"now"`
	Kept  bool   `json:"kept"` // open cases keep what they began with
}

// Compare lists the entries in which two policies differ, by name. What an entry goes by, its sources, is no difference.
func Compare(was, now *Pack) ([]Change, error) {
	old, err := entries(was.Text)
	if err != nil {
		return nil, err
	}
	anew, err := entries(now.Text)
	if err != nil {
		return nil, err
	}
	all := maps.Clone(old)
	maps.Copy(all, anew)
	var changes []Change
	for _, entry := range slices.Sorted(maps.Keys(all)) {
		if entry == "name" || old[entry] == anew[entry] {
			continue
		}
		changes = append(changes, Change{Entry: entry, Was: orNone(old[entry]), Now: orNone(anew[entry]), Kept: bot.KeptEntry(entry)})
	}
	return changes, nil
}

func orNone(value string) string {
	if value == "" {
		return "none"
	}
	return value
}

// entries are a policy's text as names and values: "windows.seller_answer" is "24h", "refunds.card.max" is "20bd".
func entries(text []byte) (map[string]string, error) {
	var root any
	if err := json.Unmarshal(text, &root); err != nil {
		return nil, fmt.Errorf("read a policy: %w", err)
	}
	all := map[string]string{}
	flatten("", root, all)
	return all, nil
}

// flatten gathers the values below a name. A list of things with ids is named by these, any other by their places.
func flatten(name string, value any, into map[string]string) {
	switch v := value.(type) {
	case map[string]any:
		if plain, ok := v["value"]; ok { // an entry in its long form
			into[name] = fmt.Sprint(plain)
			return
		}
		for key, below := range v {
			if key != "source" && key != "id" {
				flatten(strings.TrimPrefix(name+"."+key, "."), below, into)
			}
		}
	case []any:
		var said []string
		for i, one := range v {
			below, isMap := one.(map[string]any)
			switch id, named := below["id"].(string); {
			case named:
				said = append(said, id)
				flatten(name+"."+id, one, into)
			case isMap:
				flatten(fmt.Sprintf("%s[%d]", name, i+1), one, into)
			default:
				said = append(said, fmt.Sprint(one))
			}
		}
		if len(said) > 0 {
			into[name] = strings.Join(said, ", ")
		}
	default:
		into[name] = fmt.Sprint(v)
	}
}
