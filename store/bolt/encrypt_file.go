package bolt

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// encryptingName ends the name of a file that is being encrypted.
const encryptingName = ".encrypting"

// encryptFile brings a plain file into an encrypted one of its own and puts that in its place, since the free pages of the plain
// one keep what was ever there. The plain file stays as it is until the last rename: cut short, it is begun anew at the next
// start. db is open, so nobody else opens it meanwhile, and is closed.
func encryptFile(path string, db *database, opts []Option) (fresh *database, err error) {
	begun := path + encryptingName
	err = catchDamage(func() error {
		if err := migrate(db, schema, migrations); err != nil {
			return err
		}
		if err := os.Remove(begun); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return copyEncrypted(db, begun, opts)
	})
	if err == nil {
		err = errors.Join(os.Rename(begun, path), syncFolder(filepath.Dir(path)))
	}
	if err = errors.Join(err, catchDamage(db.Close)); err != nil {
		return nil, fmt.Errorf("encrypt %s: %w", path, explainOpenError(path, err))
	}
	return openWithLargestMap(path, opts)
}

// copyEncrypted makes an encrypted file of all that a plain one holds, and syncs it.
func copyEncrypted(from *database, path string, opts []Option) error {
	to, err := openWithLargestMap(path, append(opts[:len(opts):len(opts)], NoSync()))
	if err != nil {
		return err
	}
	err = createBuckets(to, schema)
	if err == nil {
		err = to.encryptNew(chosen(opts))
	}
	again := &resealing{}
	for n := range buckets {
		for after, more := []byte(nil), true; more && err == nil; {
			after, more, err = copyChunk(from, to, n, after, again)
		}
	}
	if err == nil {
		err = to.Sync()
	}
	return errors.Join(err, to.Close())
}

// copyBytes is how much one transaction copies.
const copyBytes = 4 << 20

// copyChunk copies what stands in a bucket above a key, as far as one transaction goes.
func copyChunk(from, to *database, n bucket, after []byte, again *resealing) (last []byte, more bool, err error) {
	err = from.View(func(source *transaction) error {
		return to.Update(func(target *transaction) error {
			in, out := bucketIn(source, n), bucketIn(target, n)
			if in == nil {
				return nil
			}
			if err := out.Bucket.SetSequence(in.Bucket.Sequence()); err != nil {
				return err
			}
			again.begin(source, target)
			c, size := in.Cursor(), 0
			k := seekAbove(c, after)
			for ; k != nil && size < copyBytes; k, _ = c.Next() {
				last, size = bytes.Clone(k), size+len(k)+len(in.Get(k))
				if n == meta && (bytes.Equal(k, keysKey) || bytes.Equal(k, ringKey)) || n == subjectSlots || n == names {
					continue
				}
				v, err := again.value(n, k, bytes.Clone(in.Get(k)))
				if err != nil {
					return fmt.Errorf("%s: %w", bucketNames[n], err)
				}
				if err := out.Put(k, v); err != nil {
					return err
				}
			}
			more = k != nil
			return again.storeSlots(target)
		})
	})
	return last, more, err
}
