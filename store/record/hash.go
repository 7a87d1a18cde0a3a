package record

import (
	"crypto/sha256"
	"encoding/hex"
)

// hash is a SHA-256 in hex. It is stored as its 32 bytes, which take half as much; any other text is
// stored as that text, and so are the hashes of older versions.
type hash string

// MarshalCBOR writes the bytes where the text is such a hash.
func (h hash) MarshalCBOR() ([]byte, error) {
	if sum, err := hex.DecodeString(string(h)); err == nil && len(sum) == sha256.Size && hex.EncodeToString(sum) == string(h) {
		return encoder.Marshal(sum)
	}
	return encoder.Marshal(string(h))
}

// UnmarshalCBOR reads either.
func (h *hash) UnmarshalCBOR(item []byte) error {
	const text = 3
	if item[0]>>5 == text {
		return decoder.Unmarshal(item, (*string)(h))
	}
	var sum []byte
	err := decoder.Unmarshal(item, &sum)
	*h = hash(hex.EncodeToString(sum))
	return err
}
