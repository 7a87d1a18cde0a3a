//go:build !linux

package bolt

import "os"

// syncData flushes a file.
func syncData(f *os.File) error { return f.Sync() }
