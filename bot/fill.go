package bot

import "strings"

// Fill puts values in place of the {names} in words, for those who speak without a view: boards and platforms. A value is
// never looked through for names.
func Fill(words string, values Facts) string {
	pairs := make([]string, 0, 2*len(values))
	apart := RightToLeft(words)
	for name, value := range values {
		if apart {
			value = Isolate(value)
		}
		pairs = append(pairs, "{"+name+"}", value)
	}
	return strings.NewReplacer(pairs...).Replace(words)
}
