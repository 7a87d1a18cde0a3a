package telegramtest

import (
	"fmt"
	"math/rand/v2"
	"net"
	"testing"
)

// FreeAddress is an address of this machine on which nobody listens. It lies below the range from which the system gives ports
// to whoever asks for any (32768 and above), so that nobody is given it before it is used.
func FreeAddress(t testing.TB) string {
	t.Helper()
	for range 100 {
		at := fmt.Sprint("127.0.0.1:", 10_000+rand.IntN(22_000))
		if l, err := net.Listen("tcp", at); err == nil {
			l.Close()
			return at
		}
	}
	t.Fatal("no free port was found")
	return ""
}
