package bolt

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"nevermind/bot"
)

// damages are ways in which a disk or a person breaks a file.
var damages = []struct {
	name string
	to   func(dice *rand.Rand, file []byte) []byte
}{
	{"a page is zero", func(dice *rand.Rand, file []byte) []byte {
		clear(pageIn(dice, file))
		return file
	}},
	{"a page is noise", func(dice *rand.Rand, file []byte) []byte {
		for page, k := pageIn(dice, file), dice.IntN(2)*pageHead; k < len(page); k++ {
			page[k] = byte(dice.Uint32())
		}
		return file
	}},
	{"a page is another's", func(dice *rand.Rand, file []byte) []byte {
		copy(pageIn(dice, file), bytes.Clone(pageIn(dice, file)))
		return file
	}},
	{"a sector is zero", func(dice *rand.Rand, file []byte) []byte {
		at := dice.IntN(len(file)/powerCut) * powerCut
		clear(file[at : at+powerCut])
		return file
	}},
	{"a few bits are turned", func(dice *rand.Rand, file []byte) []byte {
		for range 1 + dice.IntN(8) {
			file[dice.IntN(len(file))] ^= 1 << dice.IntN(8)
		}
		return file
	}},
	{"it ends in the middle", func(dice *rand.Rand, file []byte) []byte { return file[:dice.IntN(len(file))] }},
}

// powerCut is how much a disk writes whole.
const powerCut = 512

func pageIn(dice *rand.Rand, file []byte) []byte {
	at := dice.IntN(len(file)/4096) * 4096
	return file[at : at+4096]
}

// TestDamagedFileDrill damages a file in six ways, each at random places: a check says so, or all is read as it was. 1,200 times
// in a drill.
func TestDamagedFileDrill(t *testing.T) {
	each := 10
	if os.Getenv("NEVERMIND_DRILLS") != "" {
		each = 200
	}
	sound, _ := manyRecords(t)
	path := filepath.Join(t.TempDir(), "nevermind.db")
	write(t, path, sound)
	want := everyRecord(t, path)
	dice := rand.New(rand.NewPCG(19, 8))
	noticed, changed := 0, 0
	for _, d := range damages {
		for range each {
			write(t, path, d.to(dice, bytes.Clone(sound)))
			_, err := Check(t.Context(), path, encrypted(houseKey))
			switch {
			case errors.Is(err, bot.ErrBroken) || errors.Is(err, bot.ErrKey) || errors.Is(err, bot.ErrNewer):
				noticed++
			case err != nil:
				t.Errorf("%s: the check says %v", d.name, err)
			default:
				if everyRecord(t, path) != want {
					changed++
					t.Errorf("%s: the check says nothing, and what is read has changed", d.name)
				}
			}
		}
	}
	t.Logf("damaged in %d ways, %d times: %d noticed, %d read wrong in silence", len(damages), each*len(damages), noticed, changed)
	if noticed < each*len(damages)/2 {
		t.Errorf("only %d were noticed", noticed)
	}
}
