package blob

import (
	"testing"

	"nevermind/store/blob/s3test"
)

func openFake(t *testing.T) *Store {
	t.Setenv("AWS_ACCESS_KEY_ID", s3test.AccessKey)
	t.Setenv("AWS_SECRET_ACCESS_KEY", s3test.SecretKey)
	s, err := Open(s3test.Open(t))
	must(t, err)
	return s
}
