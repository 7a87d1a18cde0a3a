//go:build !unix

package postgres

// runs says whether there may be a process of that number.
func runs(int) bool { return true }
