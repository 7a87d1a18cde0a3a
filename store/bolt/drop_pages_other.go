//go:build !linux

package bolt

// dropPages does nothing where the system has no such call; memory use only looks larger.
func dropPages(*transaction) error { return nil }
