package bot

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// Trace is a short hash by which the log names a message or a task: the ids themselves may say who or where somebody
// is. What is done about one under another id, which is the one's behind a prefix
// ("task:", "outcome:", "again:", "once more:", "sorry:", "lost:", "undelivered:", "opened:", "shut:", "done:"), has the trace
// of the one.
func Trace(id string) string {
	for {
		kind, rest, _ := strings.Cut(id, ":")
		switch kind {
		case "task", "outcome", "again", "once more", "sorry", "lost", "undelivered", "opened", "shut", "done":
			id = rest
			continue
		}
		sum := sha256.Sum256([]byte(id))
		return hex.EncodeToString(sum[:4])
	}
}
