package casefile_test

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"testing"

	"nevermind/adapters/casefile"
)

// FuzzVerify checks whatever comes for a case file, sealed as it should be: nothing panics, and nobody is said to have signed
// what they have not.
func FuzzVerify(f *testing.F) {
	for _, record := range []string{
		`{"form":2,"key":"case/81/0","items":[{"n":1,"parts":[{"for":"buyer","text":"a"}]}]}`, `{}`, `{"items":null,"pages":{"a":"b"}}`,
	} {
		var file bytes.Buffer
		z := zip.NewWriter(&file)
		files := map[string]string{"record.json": record, "signature.json": `{"key":"","signature":""}`, "page.html": "x"}
		for name, text := range files {
			w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
			if err != nil {
				f.Fatal(err)
			}
			_, _ = w.Write([]byte(text))
		}
		if err := z.Close(); err != nil {
			f.Fatal(err)
		}
		f.Add(file.Bytes())
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		sum := sha256.Sum256(body)
		file := append(bytes.Clone(body), hex.EncodeToString(sum[:])...)
		rep, err := casefile.Verify(bytes.NewReader(file), int64(len(file)))
		if err == nil && rep.SignedBy != "" {
			t.Fatal("signed by nobody, and taken")
		}
	})
}
