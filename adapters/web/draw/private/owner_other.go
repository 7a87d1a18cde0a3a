//go:build !unix

package private

import "os"

const variable = "TMP"

// ours trusts the user's own folder: elsewhere the system keeps others out of it.
func ours(os.FileInfo) bool { return true }
