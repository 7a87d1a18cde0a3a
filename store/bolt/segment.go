package bolt

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// segment is a file of records, one behind the other. Room is written ahead in zeros, and a segment is written over from its
// beginning, so that a flush seldom has to write down a new length besides.
type segment struct {
	file   *os.File
	noSync bool
	length int64 // of what it holds
	room   int64 // of the file
}

const (
	segmentRoom    = 128 << 10 // how much room is written ahead
	longestSegment = 32 << 20  // what a segment may keep on the disk to be written over
)

// noRecord is what is written ahead.
var noRecord [segmentRoom]byte

// walPaths are the segments of a file's log.
func walPaths(path string) [2]string { return [2]string{path + ".wal-a", path + ".wal-b"} }

// append makes a record durable at the end.
func (s *segment) append(record []byte) error {
	at := s.length
	s.length += int64(len(record))
	if s.length > s.room {
		s.room = (s.length + segmentRoom - 1) / segmentRoom * segmentRoom
		record = append(record, noRecord[:s.room-s.length]...)
	}
	if _, err := s.file.WriteAt(record, at); err != nil || s.noSync {
		return err
	}
	return syncData(s.file)
}

// newSegments makes the segments of a file's log, durably: a file whose log may hold more has one.
func newSegments(path string, noSync bool) (both [2]segment, err error) {
	for i, path := range walPaths(path) {
		f, e := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
		both[i], err = segment{file: f, noSync: noSync}, errors.Join(err, e)
	}
	if err != nil {
		return both, errors.Join(err, both[0].close(), both[1].close())
	}
	if noSync {
		return both, nil
	}
	return both, syncFolder(filepath.Dir(path))
}

// reuse begins at the beginning again: all that it holds is in the file.
func (s *segment) reuse() error {
	s.length = 0
	if s.room <= longestSegment {
		return nil
	}
	s.room = 0
	return s.file.Truncate(0)
}

func (s *segment) close() error {
	if s.file == nil {
		return nil
	}
	return s.file.Close()
}

// removeWAL removes a log of which all is in its file.
func removeWAL(path string) (err error) {
	for _, segment := range walPaths(path) {
		if e := os.Remove(segment); e != nil && !errors.Is(e, fs.ErrNotExist) {
			err = errors.Join(err, e)
		}
	}
	return err
}
