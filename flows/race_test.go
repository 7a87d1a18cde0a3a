//go:build race

package flows_test

// underRace says whether the race detector looks on, which makes what plays a thousand stories ten times as long.
const underRace = true
