//go:build !race

package flows_test

const underRace = false
