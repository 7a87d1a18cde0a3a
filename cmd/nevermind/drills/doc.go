// Package drills holds the long tests of the whole program: it is killed at random while people talk to it, it meets
// storms and nasty texts, plays every transcript on a fake Telegram, and is compared with another bot. `make drills` runs
// them in full; `go test` runs a short form of each.
package drills
