//go:build linux || darwin

package blob

import "golang.org/x/sys/unix"

// diskSpace is how much of a folder's disk is free to this program, and how large the disk is.
func diskSpace(folder string) (free, size uint64, known bool) {
	var s unix.Statfs_t
	if err := unix.Statfs(folder, &s); err != nil {
		return 0, 0, false
	}
	block := uint64(s.Bsize) // of another type on each system
	return s.Bavail * block, s.Blocks * block, true
}
