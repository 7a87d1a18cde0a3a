package main

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// flippedBits is how many bits are flipped. Each costs a start or two; ten thousand are flipped in store/bolt.
func flippedBits() int {
	if os.Getenv("NEVERMIND_DRILLS") != "" {
		return 1000
	}
	return 30
}

// TestFlippedBit flips one bit anywhere in what a house with cases has on its disk, the database, the files, the key ring, and
// then opens it, exports everything and plays a case on. Each time all is as it was, or something says that it is damaged:
// nothing is ever read wrong in silence.
func TestFlippedBit(t *testing.T) {
	onlyInCI(t)
	t.Parallel()
	now := time.Now()
	at := func(in string, args ...string) ran { // at one moment, so that what is said is the same
		var out, errs bytes.Buffer
		code := run(t.Context(), args, strings.NewReader(in), &out, &errs, func() time.Time { return now })
		return ran{code, out.String(), errs.String()}
	}
	sound := filepath.Join(t.TempDir(), "sound")
	for _, n := range []string{"1", "2", "3"} {
		command(t, order("94001"+n, "b-"+n), "import", "-", "--data", sound).want(t, exitDone)
		command(t, "94001"+n+"\nCancel this order\n1\n1\n", "chat", "--as", "b-"+n, "--data", sound).want(t, exitDone)
	}
	read := func(data string) (exported, played ran) {
		return at("", "export", "--data", data), at("my requests\n1\n", "chat", "--as", "b-1", "--data", data)
	}
	copied := filepath.Join(t.TempDir(), "copied")
	copyHouse(t, sound, copied)
	exported, played := read(copied)
	exported.want(t, exitDone, "940011")
	played.want(t, exitDone, "940011")

	parts := partsOf(t, sound)
	dice, noticed, unchanged := rand.New(rand.NewPCG(14, 10)), 0, 0
	for range flippedBits() {
		data := filepath.Join(t.TempDir(), "flipped")
		copyHouse(t, sound, data)
		part := parts[dice.IntN(len(parts))]
		byteAt, flipped := dice.IntN(part.used), bytes.Clone(part.content)
		flipped[byteAt] ^= 1 << dice.IntN(8)
		write(t, data+part.end, string(flipped))
		told, said := read(data)
		switch {
		case told.code == exitDone && told.out == exported.out && said.out == played.out:
			unchanged++
		case told.code != exitDone && strings.Contains(told.errs, "nevermind: ") || said.code != exitDone && said.errs != "":
			noticed++
		default:
			t.Errorf("byte %d of %s: export %d\n%s\nchat %d: %s\n%s", byteAt, part.end, told.code, told.errs,
				said.code, said.out, said.errs)
		}
		if err := os.RemoveAll(data); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d flipped: %d noticed, %d changed nothing, none read wrong", flippedBits(), noticed, unchanged)
}

// housePart is a file of a house, as far as it is in use.
type housePart struct {
	end     string // behind the data folder's name
	content []byte
	used    int
}

// partsOf are a house's files; the database is the likeliest to be hit, as on a disk.
func partsOf(t *testing.T, data string) []housePart {
	t.Helper()
	var all []housePart
	db := "/nevermind.db"
	for _, end := range []string{db, db, db, db, db, ".keyring", ".key"} {
		content, err := os.ReadFile(data + end)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, housePart{end, content, len(bytes.TrimRight(content, "\x00"))}) // behind it room is only reserved
	}
	return all
}

// copyHouse copies a data folder with its keys.
func copyHouse(t *testing.T, from, to string) {
	t.Helper()
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(to, 0o700); err != nil {
		t.Fatal(err)
	}
	lendKey(t, from, to)
}
