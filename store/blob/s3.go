package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"nevermind/bot"
)

// Open opens what a setting names: "file:DIR" or "s3://BUCKET/PREFIX?endpoint=https://HOST&region=REGION". The keys to
// a server come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY or the user's AWS file, never from the setting.
func Open(setting string) (*Store, error) {
	if dir, ok := strings.CutPrefix(setting, "file:"); ok && dir != "" {
		return Folder(dir)
	}
	b, err := parseBucket(setting)
	if err != nil {
		return nil, err
	}
	return &Store{backend: b, disk: diskSpace}, nil
}

// Check says what is wrong with a setting, without opening anything.
func Check(setting string) error {
	if dir, ok := strings.CutPrefix(setting, "file:"); ok && dir != "" {
		return nil
	}
	_, err := parseBucket(setting)
	return err
}

// s3Backend keeps a file as "<prefix><hash>" on an S3-compatible server.
type s3Backend struct {
	*minio.Client
	name, prefix string
}

var errSetting = errors.New("use file:DIR or s3://BUCKET/PREFIX?endpoint=https://HOST&region=REGION")

// parseBucket reads a setting without asking the server. The error never repeats the setting, which
// might hold a password.
func parseBucket(setting string) (*s3Backend, error) {
	u, err := url.Parse(setting)
	if err != nil || u.Scheme != "s3" || u.Host == "" || u.User != nil {
		return nil, errSetting
	}
	q := u.Query()
	endpoint, err := url.Parse(q.Get("endpoint"))
	if err != nil || q.Has("endpoint") && (endpoint.Host == "" || endpoint.Scheme != "http" && endpoint.Scheme != "https") {
		return nil, errSetting
	}
	if endpoint.Host == "" {
		endpoint = &url.URL{Scheme: "https", Host: "s3.amazonaws.com"}
	}
	client, err := minio.New(endpoint.Host, &minio.Options{
		Creds:  credentials.NewChainCredentials([]credentials.Provider{&credentials.EnvAWS{}, &credentials.FileAWSCredentials{}}),
		Secure: endpoint.Scheme == "https", Region: q.Get("region"), BucketLookup: bucketLookup(q),
	})
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errSetting, err)
	}
	prefix := strings.Trim(u.Path, "/")
	if prefix != "" {
		prefix += "/"
	}
	return &s3Backend{client, u.Host, prefix}, nil
}

// bucketLookup names the bucket in the path on servers of one's own, whose names have no host for
// each bucket.
func bucketLookup(q url.Values) minio.BucketLookupType {
	if q.Has("endpoint") {
		return minio.BucketLookupPath
	}
	return minio.BucketLookupAuto
}

// spool is the system's folder for temporary files.
func (b *s3Backend) spool() string { return os.TempDir() }

// place uploads the spooled file in one call, which S3 makes visible whole or not at all.
func (b *s3Backend) place(ctx context.Context, hash string, spooled *os.File, mediaType string) error {
	size, err := spooled.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	if _, err := spooled.Seek(0, io.SeekStart); err != nil {
		return err
	}
	_, err = b.PutObject(ctx, b.name, b.prefix+hash, spooled, size,
		minio.PutObjectOptions{ContentType: mediaType, ContentDisposition: "attachment"})
	return err
}

// open asks for the object's head at once: GetObject asks for nothing before the first read.
func (b *s3Backend) open(ctx context.Context, hash string) (io.ReadCloser, error) {
	o, err := b.GetObject(ctx, b.name, b.prefix+hash, minio.GetObjectOptions{})
	if err != nil {
		return nil, notFound(err)
	}
	if _, err := o.Stat(); err != nil { // nothing is asked before the first read
		return nil, errors.Join(notFound(err), o.Close())
	}
	return o, nil
}

func (b *s3Backend) remove(ctx context.Context, hash string) error {
	return notFound(b.RemoveObject(ctx, b.name, b.prefix+hash, minio.RemoveObjectOptions{}))
}

func (b *s3Backend) age(ctx context.Context, hash string) (time.Time, error) {
	info, err := b.StatObject(ctx, b.name, b.prefix+hash, minio.StatObjectOptions{})
	return info.LastModified, notFound(err)
}

// list goes through the objects below the prefix; there is nothing spooled on the server.
func (b *s3Backend) list(ctx context.Context, _ time.Time, visit func(hash string, at time.Time) error) error {
	for o := range b.ListObjectsIter(ctx, b.name, minio.ListObjectsOptions{Prefix: b.prefix, Recursive: true}) {
		if o.Err != nil {
			return o.Err
		}
		hash := strings.TrimPrefix(o.Key, b.prefix)
		if !isHash(hash) {
			continue
		}
		if err := visit(hash, o.LastModified); err != nil {
			return err
		}
	}
	return nil
}

// notFound turns the server's 404 into bot.ErrNone, but not that of a missing bucket.
func notFound(err error) error {
	if r := minio.ToErrorResponse(err); err != nil && r.StatusCode == http.StatusNotFound && r.Code != "NoSuchBucket" {
		return bot.ErrNone
	}
	return err
}
