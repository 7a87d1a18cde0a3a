package understand

import (
	_ "embed"
	"sync"
)

// weightsFile is made by go generate from lexicon and phrases. It begins with a sum of both; then follows for each bucket one
// signed byte for each intent, and for fewer buckets one for each reason.
//
//go:generate go run nevermind/cmd/trainwords
//go:embed weights.bin
var weightsFile []byte

const (
	sumLength     = 8
	reasonBuckets = 1 << 13
	// unit is what 1 is in scores.
	unit = 1 << 16
	// step is what one step of a stored weight is worth in scores.
	step = 2048
)

// intentScores are the scores of all intents for the features.
func intentScores(f []uint16) []int64 {
	out := make([]int64, len(Intents))
	score(weightsFile[sumLength:], buckets, f, out)
	return out
}

// reasonScores are the scores of all reasons for the features.
func reasonScores(f []uint16) []int64 {
	out := make([]int64, len(Reasons))
	score(weightsFile[sumLength+buckets*len(Intents):], reasonBuckets, f, out)
	return out
}

func score(table []byte, size uint16, f []uint16, out []int64) {
	for _, b := range f {
		row := table[int(b&(size-1))*len(out):][:len(out)]
		for i := range out {
			out[i] += int64(int8(row[i]))
		}
	}
	k := rootInverse(len(f))
	for i := range out {
		out[i] = out[i] * step * k >> 16
	}
}

// rootInverse is 8 divided by the square root of n, in 1/65536, so that long messages are no surer than short ones.
func rootInverse(n int) int64 {
	x := uint64(min(max(n, 1), 1<<20)) << 32 // the root of it has 16 bits behind the point
	root := uint64(1) << 26
	for {
		next := (root + x/root) / 2
		if next >= root {
			break
		}
		root = next
	}
	return int64((8 << 32) / root)
}

// exps are e to the power of -n/16, in 1/65536.
var exps = sync.OnceValue(func() (table [16 * 12]int64) {
	const factor = 61566 // e to the power of -1/16
	v := int64(unit)
	for i := range table {
		table[i] = v
		v = v * factor >> 16
	}
	return table
})

// shares turns scores into shares of one, in place.
func shares(scores []int64) {
	top := scores[0]
	for _, s := range scores {
		top = max(top, s)
	}
	table := exps()
	sum := int64(0)
	for i, s := range scores {
		d := (top - s) >> 8 // in 1/256
		n, rest := d>>4, d&15
		if n+1 >= int64(len(table)) {
			scores[i] = 0
		} else {
			scores[i] = table[n] + (table[n+1]-table[n])*rest/16 //nolint:gosec // n+1 is within the table: see above
		}
		sum += scores[i]
	}
	for i := range scores {
		scores[i] = scores[i] * unit / sum
	}
}
