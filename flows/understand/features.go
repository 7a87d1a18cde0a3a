package understand

import "unicode/utf8"

// The kinds of what is counted in a message; each is hashed apart.
const (
	ofWord uint32 = 0x811C9DC5 + iota*0x01000B2F
	ofPair
	ofSkip
	ofLetters
	ofConcept
	ofConceptPair
	ofMessage
)

// buckets are how many features are told apart.
const buckets = 1 << 15

// hash is FNV-1a over bytes.
func hash(seed uint32, s string) uint32 {
	for i := 0; i < len(s); i++ {
		seed = (seed ^ uint32(s[i])) * 16777619
	}
	return seed
}

func mix(h, n uint32) uint32 {
	h ^= n * 0x85EBCA6B
	h ^= h >> 15
	return h * 0xC2B2AE35
}

// bucket is where a hashed feature is counted.
func bucket(h uint32) uint16 {
	h ^= h >> 16
	h *= 0x7FEB352D
	h ^= h >> 15
	return uint16(h % buckets)
}

// features are the buckets of a message: words, word pairs, letters, what the words mean and how, and the message's form.
func features(words []word, question bool) []uint16 {
	f := make([]uint16, 0, 32*len(words)+8)
	before, conceptBefore, conceptBefore2 := uint32(0), uint32(0), uint32(0)
	known := 0
	for i := range words {
		w := &words[i]
		h := hash(ofWord, w.text)
		f = append(f, bucket(h), bucket(mix(h^ofPair, before)))
		if w.flags&negated != 0 {
			f = append(f, bucket(mix(h, 1)))
		}
		before = h
		f = letters3(f, w.text)
		if w.means.none() {
			continue
		}
		known++
		now := uint32(0)
		for n := range conceptNames {
			if !w.means.has(concept(n)) {
				continue
			}
			c := mix(ofConcept, uint32(n)+1)
			now ^= c
			f = append(f, bucket(c))
			for bit := flags(1); bit <= supposed; bit <<= 1 {
				if w.flags&bit != 0 {
					f = append(f, bucket(mix(c, uint32(bit))))
				}
			}
		}
		f = append(f, bucket(mix(now^ofConceptPair, conceptBefore)), bucket(mix(now^ofSkip, conceptBefore2)))
		conceptBefore2, conceptBefore = conceptBefore, now
	}
	f = append(f, bucket(mix(before^ofPair, 0)), bucket(mix(ofMessage, uint32(min(len(words), 12)))),
		bucket(mix(ofMessage, 100+uint32(min(known, 8)))), bucket(mix(ofMessage, 200+uint32(8*known/max(len(words), 1)))))
	if question {
		f = append(f, bucket(mix(ofMessage, 300)))
	}
	return f
}

// letters3 adds the groups of three to five letters of a word; of ideographs also one and two.
func letters3(f []uint16, w string) []uint16 {
	if len(w) < 2 {
		return f
	}
	var starts [40]int
	n := 0
	for i := range w {
		if n == len(starts)-1 {
			break
		}
		starts[n] = i
		n++
	}
	starts[n] = len(w)
	if r, _ := utf8.DecodeRuneInString(w); isIdeograph(r) {
		for i := range n {
			f = append(f, bucket(hash(ofLetters, w[starts[i]:starts[i+1]])))
		}
		return f
	}
	for size := 3; size <= 5; size++ {
		for i := 0; i+size <= n; i++ {
			h := hash(ofLetters, w[starts[i]:starts[i+size]])
			if i == 0 {
				h = mix(h, 7)
			}
			f = append(f, bucket(h))
		}
	}
	return f
}
