package bolt

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"io"
	"os"
	"slices"

	"nevermind/bot"
)

// bbolt's pages have no sums. Read here is the file itself, not bbolt's map of it, so that damage is an error and never a
// fault; and held against all that bbolt keeps to when it writes: both headers are whole, each page is what it says and is used
// once or free, elements lie side by side without a gap, keys ascend within what the page above says. Values, and keys by them,
// are held to what was written by encryption.

// What stands in a page, by bbolt's file format of version 2.
const (
	pageHead   = 16
	branchPage = 0x01
	leafPage   = 0x02
	metaPage   = 0x04
	freePage   = 0x10
	elemSize   = 16
	bucketHead = 16 // before a bucket's page that stands in a value: its root, and its sequence
	metaSize   = 64
	metaMagic  = 0xED0CDAED
	manyFree   = 0xFFFF // so many free pages that their count stands before them
)

// pageFile is a file, and what its newest header says.
type pageFile struct {
	r        io.ReaderAt
	pageSize uint64
	root     uint64
	freelist uint64
	high     uint64 // the first page that is none any more
	used     []bool // by page
}

// verifyPages reads every page of a file that nobody writes to. ErrBroken: the first thing that is wrong.
func verifyPages(r io.ReaderAt) error {
	f := &pageFile{r: r}
	if err := f.readHeaders(); err != nil {
		return err
	}
	f.used = make([]bool, f.high)
	if err := f.tree(f.root, nil, nil, true); err != nil {
		return err
	}
	return f.freePages()
}

// mostAtStart is how large a file may be, in bytes, to be read as a whole before it is opened: some tenths of a second. Of a
// larger one the headers are read, and the rest once it serves (Verify).
const mostAtStart = 256 << 20

// verifyAtStart looks for damage before a file is written to.
func verifyAtStart(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if info.Size() <= mostAtStart {
		return verifyPagesAt(path)
	}
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close() //nolint:errcheck // it was only read
	return (&pageFile{r: file}).readHeaders()
}

// verifyPagesAt is verifyPages of a file by its name.
func verifyPagesAt(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close() //nolint:errcheck // it was only read
	return verifyPages(file)
}

func broken(format string, a ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{bot.ErrBroken}, a...)...)
}

// readHeaders reads both headers. bbolt takes the older one where the newer one is damaged, and so forgets the last commit in
// silence; that is an error here.
func (f *pageFile) readHeaders() error {
	var newest [2]uint64
	for f.pageSize = 1 << 10; f.pageSize <= 1<<16; f.pageSize <<= 1 { // of the second header, should the first one be damaged
		if m, err := f.header(1); err == nil && uint64(binary.LittleEndian.Uint32(m[8:])) == f.pageSize {
			break
		}
	}
	if f.pageSize > 1<<16 {
		return broken("its second header does not add up")
	}
	for n := range uint64(2) {
		m, err := f.header(n)
		if err != nil {
			return err
		}
		newest[n] = binary.LittleEndian.Uint64(m[48:])
		if newest[n] < newest[0] {
			continue
		}
		f.root, f.freelist = binary.LittleEndian.Uint64(m[16:]), binary.LittleEndian.Uint64(m[32:])
		f.high = binary.LittleEndian.Uint64(m[40:])
	}
	if newest[0]+1 != newest[1] && newest[1]+1 != newest[0] {
		return broken("its headers are of changes %d and %d", newest[0], newest[1])
	}
	if f.high > 1<<40 {
		return broken("it would have %d pages", f.high)
	}
	return nil
}

// header reads one of the two headers, which have sums.
func (f *pageFile) header(n uint64) ([]byte, error) {
	b := make([]byte, pageHead+metaSize)
	if _, err := f.r.ReadAt(b, int64(n*f.pageSize)); err != nil {
		return nil, broken("header %d cannot be read: %w", n+1, err)
	}
	m := b[pageHead:]
	sum := fnv.New64a()
	sum.Write(m[:metaSize-8])
	if binary.LittleEndian.Uint32(m) != metaMagic || binary.LittleEndian.Uint64(m[metaSize-8:]) != sum.Sum64() ||
		binary.LittleEndian.Uint64(b) != n || binary.LittleEndian.Uint16(b[8:]) != metaPage {
		return nil, broken("header %d does not add up, so the last change may be missing", n+1)
	}
	return m, nil
}

// page reads a page with those that belong to it, and marks them as used.
func (f *pageFile) page(id uint64) (content []byte, flags, count int, err error) {
	if id < 2 || id >= f.high {
		return nil, 0, 0, broken("there is no page %d", id)
	}
	content = make([]byte, f.pageSize)
	if _, err := f.r.ReadAt(content, int64(id*f.pageSize)); err != nil {
		return nil, 0, 0, broken("page %d cannot be read: %w", id, err)
	}
	more := uint64(binary.LittleEndian.Uint32(content[12:]))
	if binary.LittleEndian.Uint64(content) != id || id+more >= f.high {
		return nil, 0, 0, broken("page %d is another one", id)
	}
	if more > 0 {
		content = append(content, make([]byte, more*f.pageSize)...)
		if _, err := f.r.ReadAt(content[f.pageSize:], int64((id+1)*f.pageSize)); err != nil {
			return nil, 0, 0, broken("page %d cannot be read: %w", id, err)
		}
	}
	for n := id; n <= id+more; n++ {
		if f.used[n] {
			return nil, 0, 0, broken("page %d is used twice", n)
		}
		f.used[n] = true
	}
	return content, int(binary.LittleEndian.Uint16(content[8:])), int(binary.LittleEndian.Uint16(content[10:])), nil
}

// tree reads a bucket from a page down. Its keys lie between low and high, where those are known.
func (f *pageFile) tree(id uint64, low, high []byte, top bool) error {
	content, flags, count, err := f.page(id)
	if err != nil {
		return err
	}
	if flags != branchPage {
		return f.leaf(content, fmt.Sprint("page ", id), flags, count, low, high, top)
	}
	keys, pages := make([][]byte, count), make([]uint64, count)
	at := uint64(pageHead + count*elemSize)
	if at > uint64(len(content)) {
		return broken("page %d has more elements than room", id)
	}
	for i := range count {
		e := content[pageHead+i*elemSize:]
		size := uint64(binary.LittleEndian.Uint32(e[4:]))
		if err := lies(content, fmt.Sprint("page ", id), i, at, e, size); err != nil {
			return err
		}
		keys[i], pages[i] = content[at:at+size], binary.LittleEndian.Uint64(e[8:])
		at += size
	}
	if count == 0 || !ascend(keys, low, high) {
		return broken("the keys of page %d are not in order", id)
	}
	for i, below := range pages {
		up := high
		if i+1 < count {
			up = keys[i+1]
		}
		if err := f.tree(below, keys[i], up, top); err != nil {
			return err
		}
	}
	return nil
}

// leaf reads the keys of a page, or of a bucket so small that its page stands in a value.
func (f *pageFile) leaf(content []byte, name string, flags, count int, low, high []byte, top bool) error {
	if flags != leafPage || pageHead+count*elemSize > len(content) {
		return broken("%s is no page of keys", name)
	}
	keys := make([][]byte, count)
	at := uint64(pageHead + count*elemSize)
	for i := range count {
		e := content[pageHead+i*elemSize:]
		size, value := uint64(binary.LittleEndian.Uint32(e[8:])), uint64(binary.LittleEndian.Uint32(e[12:]))
		if err := lies(content, name, i, at, e[4:], size+value); err != nil {
			return err
		}
		keys[i] = content[at : at+size]
		var isBucket uint32
		if top {
			isBucket = 1
		}
		if binary.LittleEndian.Uint32(e) != isBucket {
			return broken("%s mixes buckets and keys", name)
		}
		if top {
			if err := f.bucket(keys[i], content[at+size:at+size+value]); err != nil {
				return err
			}
		}
		at += size + value
	}
	if !ascend(keys, low, high) {
		return broken("the keys of %s are not in order", name)
	}
	return nil
}

// lies wants an element to lie right behind the one before it, and within its page. pos begins with how far behind its own
// place it says that it lies.
func lies(content []byte, name string, i int, at uint64, pos []byte, size uint64) error {
	says := uint64(pageHead+i*elemSize) + uint64(binary.LittleEndian.Uint32(pos))
	if says != at || at+size > uint64(len(content)) {
		return broken("element %d of %s lies where none can be", i+1, name)
	}
	return nil
}

// bucket reads one of our buckets.
func (f *pageFile) bucket(name, value []byte) error {
	if !slices.ContainsFunc(bucketNames[:], func(known []byte) bool { return bytes.Equal(known, name) }) || len(value) < bucketHead {
		return broken("there is a bucket %q, which is none of ours", name)
	}
	if root := binary.LittleEndian.Uint64(value); root != 0 {
		return f.tree(root, nil, nil, false)
	}
	content := value[bucketHead:]
	if len(content) < pageHead || binary.LittleEndian.Uint64(content) != 0 || binary.LittleEndian.Uint32(content[12:]) != 0 {
		return broken("bucket %s is no page of keys", name)
	}
	flags, count := int(binary.LittleEndian.Uint16(content[8:])), int(binary.LittleEndian.Uint16(content[10:]))
	return f.leaf(content, "bucket "+string(name), flags, count, nil, nil, false)
}

// ascend says whether keys are in order, at or above low and below high.
func ascend(keys [][]byte, low, high []byte) bool {
	for i, k := range keys {
		switch {
		case len(k) == 0, i == 0 && bytes.Compare(k, low) < 0, i > 0 && bytes.Compare(keys[i-1], k) >= 0:
			return false
		case high != nil && bytes.Compare(k, high) >= 0:
			return false
		}
	}
	return true
}

// freePages wants every page that is not used to be listed as free, and no other.
func (f *pageFile) freePages() error {
	content, flags, count, err := f.page(f.freelist)
	if err != nil {
		return err
	}
	ids := content[pageHead:]
	n := uint64(count)
	if count == manyFree {
		n, ids = binary.LittleEndian.Uint64(ids), ids[8:]
	}
	if flags != freePage || n > uint64(len(ids))/8 {
		return broken("page %d is no list of free pages", f.freelist)
	}
	for i := range n {
		id := binary.LittleEndian.Uint64(ids[i*8:])
		if id < 2 || id >= f.high || f.used[id] {
			return broken("page %d is in use, and listed as free", id)
		}
		f.used[id] = true
	}
	for id := uint64(2); id < f.high; id++ {
		if !f.used[id] {
			return broken("page %d is neither in use nor listed as free", id)
		}
	}
	return nil
}
