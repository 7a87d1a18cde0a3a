package casefile

import (
	"archive/zip"
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
)

// signatureName is the archive's entry that says which house has sealed it. It signs the record, which names the hash of
// everything else in the archive.
const signatureName = "signature.json"

// signature is a house's Ed25519 signature over the record, both halves in base64.
type signature struct {
	Key       string `json:"key"`       // the house's public key
	Signature string `json:"signature"` // over signedText of record.json
}

// signedText is what a house signs: the form and the hash of the record, so that a signature fits nothing else.
func signedText(record []byte) []byte { return []byte(signedForm + "\n" + hashOf(string(record))) }

// sign signs a record with the house's key.
func sign(key ed25519.PrivateKey, record []byte) ([]byte, error) {
	return signatureText(key.Public().(ed25519.PublicKey), ed25519.Sign(key, signedText(record)))
}

// signatureText is a signature as it stands in an archive. Nobody signs it, so it is written in just this way.
func signatureText(key ed25519.PublicKey, made []byte) ([]byte, error) {
	return json.MarshalIndent(signature{
		Key: base64.StdEncoding.EncodeToString(key), Signature: base64.StdEncoding.EncodeToString(made),
	}, "", " ")
}

// checkSignature returns the public key, in base64, by which a record is signed.
func checkSignature(z *zip.Reader, record []byte) (string, error) {
	text, err := readEntry(z, signatureName)
	if err != nil {
		return "", err
	}
	var s signature
	if err := json.Unmarshal(text, &s); err != nil {
		return "", changedError("%s cannot be read", signatureName)
	}
	key, err := base64.StdEncoding.DecodeString(s.Key)
	made, err2 := base64.StdEncoding.DecodeString(s.Signature)
	if err != nil || err2 != nil || len(key) != ed25519.PublicKeySize || !ed25519.Verify(key, signedText(record), made) {
		return "", changedError("the signature does not fit the record")
	}
	if own, err := signatureText(key, made); err != nil || !bytes.Equal(own, text) {
		return "", changedError("%s says more than who has signed", signatureName)
	}
	return base64.StdEncoding.EncodeToString(key), nil
}

// PublicKey is the public half of a house's key, in base64: what a shop publishes, so that anybody can see who has sealed
// a case file.
func PublicKey(key ed25519.PrivateKey) string {
	return base64.StdEncoding.EncodeToString(key.Public().(ed25519.PublicKey))
}

// Fingerprint is as much of a public key's hash as people compare: "3f2a 91c0 77de 0a1b 55d3".
func Fingerprint(publicKey string) string {
	sum := sha256.Sum256([]byte(publicKey))
	return Short(hex.EncodeToString(sum[:]))
}
