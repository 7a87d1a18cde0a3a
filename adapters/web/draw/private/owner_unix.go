//go:build unix

package private

import (
	"os"
	"syscall"
)

const variable = "TMPDIR"

// ours says whether a folder is our own and closed to all others.
func ours(info os.FileInfo) bool {
	s, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(s.Uid) == os.Geteuid() && info.Mode().Perm() == 0o700
}
