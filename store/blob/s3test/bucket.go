// Package s3test is a server that does what store/blob needs of S3, to test against.
package s3test

import (
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// What the server lets in, as AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.
const (
	AccessKey = "key"
	SecretKey = "secret"
)

// bucket is the one bucket of a server, "files".
type bucket struct {
	mu      sync.Mutex
	objects map[string][]byte
	made    func() time.Time // when all of them are said to have been put
}

// Open starts a server that ends with the test, and returns its setting.
func Open(t testing.TB) string { return OpenAt(t, time.Now) }

// OpenAt is Open with objects that say they were put then.
func OpenAt(t testing.TB, made func() time.Time) string {
	server := httptest.NewServer(&bucket{objects: map[string][]byte{}, made: made})
	t.Cleanup(server.Close)
	return "s3://files/evidence?region=us-east-1&endpoint=" + server.URL
}

// ServeHTTP answers a call.
func (b *bucket) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !strings.HasPrefix(r.Header.Get("Authorization"), "AWS4-HMAC-SHA256 Credential="+AccessKey+"/") {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	key := strings.TrimPrefix(r.URL.Path, "/files/")
	content, there := b.objects[key]
	switch {
	case r.Method == http.MethodPut:
		body, err := unchunk(r)
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		b.objects[key] = body
		w.Header().Set("ETag", `"1"`)
	case r.URL.Query().Get("list-type") == "2":
		b.list(w, r.URL.Query().Get("prefix"))
	case r.Method == http.MethodDelete:
		delete(b.objects, key)
		w.WriteHeader(http.StatusNoContent)
	case !there:
		w.WriteHeader(http.StatusNotFound)
		fmt.Fprint(w, "<Error><Code>NoSuchKey</Code></Error>")
	default:
		w.Header().Set("ETag", `"1"`)
		w.Header().Set("Last-Modified", b.made().UTC().Format(http.TimeFormat))
		w.Header().Set("Content-Length", strconv.Itoa(len(content)))
		if r.Method == http.MethodGet {
			w.Write(content) //nolint:errcheck // whoever asked has gone
		}
	}
}

func (b *bucket) list(w http.ResponseWriter, prefix string) {
	type object struct {
		Key          string
		LastModified time.Time
		Size         int
	}
	found := struct {
		XMLName  xml.Name `xml:"ListBucketResult"`
		Contents []object
	}{}
	for key, content := range b.objects {
		if strings.HasPrefix(key, prefix) {
			found.Contents = append(found.Contents, object{key, b.made().UTC(), len(content)})
		}
	}
	xml.NewEncoder(w).Encode(found) //nolint:errcheck // whoever asked has gone
}

// unchunk reads a body that is signed piece by piece: "<size in hex>;chunk-signature=…\r\n<bytes>\r\n", the last one empty.
func unchunk(r *http.Request) ([]byte, error) {
	if !strings.HasPrefix(r.Header.Get("X-Amz-Content-Sha256"), "STREAMING-") {
		return io.ReadAll(r.Body)
	}
	var all []byte
	for in := bufio.NewReader(r.Body); ; {
		line, err := in.ReadString('\n')
		if err != nil {
			return nil, err
		}
		hex, _, _ := strings.Cut(strings.TrimSpace(line), ";")
		n, err := strconv.ParseInt(hex, 16, 64)
		if err != nil || n == 0 {
			return all, err
		}
		piece := make([]byte, n+2)
		if _, err := io.ReadFull(in, piece); err != nil {
			return nil, err
		}
		all = append(all, piece[:n]...)
	}
}
