package record

import "encoding/binary"

// JoinKeys writes a store's wrapped keys as one value, each with its length in two bytes before it.
func JoinKeys(wrapped [][]byte) (out []byte) {
	for _, w := range wrapped {
		out = append(binary.BigEndian.AppendUint16(out, uint16(len(w))), w...)
	}
	return out
}

// CutKeys reads what JoinKeys has written, up to a key that was cut off.
func CutKeys(stored []byte) (wrapped [][]byte) {
	for len(stored) >= 2 {
		n := 2 + int(binary.BigEndian.Uint16(stored))
		if n > len(stored) {
			break
		}
		wrapped = append(wrapped, append([]byte(nil), stored[2:n]...))
		stored = stored[n:]
	}
	return wrapped
}
