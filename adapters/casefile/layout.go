package casefile

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"io"
)

// The parts of an archive as writeArchive makes it, and no other: programs that unpack read an archive from its end, from its
// beginning, or by fields that others ignore, and each of them must find the same files. So an entry lies right behind the one
// before it, the list of all of them right behind the last, and every field holds what our own writer puts there.
const (
	localSize                      = 30
	localMark, listedMark, endMark = 0x04034b50, 0x02014b50, 0x06054b50
	descriptorMark                 = 0x08074b50
	descriptorSize                 = 16
	writtenFlags                   = 0x8   // sizes and checksum stand behind the content
	nameFlag                       = 0x800 // and where the name is not ASCII
)

// checkLayout goes along an archive from its first byte to its seal.
func checkLayout(file io.ReaderAt, size int64, z *zip.Reader) error {
	var list bytes.Buffer
	at := int64(0)
	for _, f := range z.File {
		if !plainEntry(f) {
			return changedError("%q has fields that no case file has", f.Name)
		}
		begins, err := f.DataOffset()
		if err != nil || begins != at+localSize+int64(len(f.Name)) || !hasBytes(file, at, localHeader(f)) {
			return changedError("%q is not where its archive says, or is called otherwise there", f.Name)
		}
		list.Write(listedHeader(f, at))
		if at = begins + size32(f); !hasBytes(file, at, descriptor(f)) {
			return changedError("%q does not end where its archive says", f.Name)
		}
		at += descriptorSize
	}
	list.Write(endOfList(len(z.File), at, list.Len()))
	if at+int64(list.Len())+sealSize != size || !hasBytes(file, at, list.Bytes()) {
		return changedError("the archive holds more than its list of files")
	}
	return nil
}

// plainEntry says whether an entry has no field but those our writer fills: no time, no comment, no other name for some
// programs, no link in place of a file.
func plainEntry(f *zip.File) bool {
	return f.Method == zip.Store && f.Flags&^nameFlag == writtenFlags && len(f.Extra) == 0 && f.Comment == "" &&
		f.ExternalAttrs == 0 && f.CreatorVersion>>8 == 0 &&
		f.ModifiedTime == 0 && f.ModifiedDate == 0 &&
		f.CompressedSize64 == f.UncompressedSize64 && f.CompressedSize64 < 1<<32-1
}

// size32 is how long an entry's content is, which is below 4 GB, as plainEntry says.
func size32(f *zip.File) int64 { return int64(f.CompressedSize64) }

// hasBytes says whether these bytes stand there.
func hasBytes(file io.ReaderAt, at int64, want []byte) bool {
	got := make([]byte, len(want))
	n, _ := file.ReadAt(got, at)
	return n == len(want) && bytes.Equal(got, want)
}

// fields writes numbers as an archive has them.
func fields(all ...any) []byte {
	var b bytes.Buffer
	for _, v := range all {
		_ = binary.Write(&b, binary.LittleEndian, v) // a buffer takes everything
	}
	return b.Bytes()
}

// localHeader stands before an entry's content.
func localHeader(f *zip.File) []byte {
	fixed := fields(uint32(localMark), f.ReaderVersion, f.Flags, f.Method, uint16(0), uint16(0), uint32(0), uint32(0), uint32(0),
		uint16(len(f.Name)), uint16(0))
	return append(fixed, f.Name...)
}

// descriptor stands behind it.
func descriptor(f *zip.File) []byte {
	size := uint32(size32(f))
	return fields(uint32(descriptorMark), f.CRC32, size, size)
}

// listedHeader is an entry in the list of all.
func listedHeader(f *zip.File, at int64) []byte {
	size := uint32(size32(f))
	fixed := fields(uint32(listedMark), f.CreatorVersion, f.ReaderVersion, f.Flags, f.Method, uint16(0), uint16(0), f.CRC32, size,
		size, uint16(len(f.Name)), uint16(0), uint16(0), uint16(0), uint16(0), uint32(0), uint32(at))
	return append(fixed, f.Name...)
}

// endOfList ends the list; the seal follows as its comment.
func endOfList(files int, at int64, length int) []byte {
	return fields(uint32(endMark), uint16(0), uint16(0), uint16(files), uint16(files),
		uint32(length), uint32(at), uint16(sealSize))
}
