//go:build !linux && !darwin

package blob

// diskSpace is not known here.
func diskSpace(string) (free, size uint64, known bool) { return 0, 0, false }
