// Package private gives the drawing library a temporary folder of our own while it starts. Graphviz here is WebAssembly:
// go-graphviz v0.2.9 compiles it when the program starts, keeps the machine code in os.TempDir()/go-graphviz, whoever made
// that folder, and runs what it finds there the next time. On a shared machine anybody could leave code there for us.
//
// So TMPDIR names a folder that only we can write to, or one that cannot be, until Restore is called; without a folder the
// library compiles anew. It works because Go initialises packages as soon as all they import is ready, in the order of
// their paths: this one imports nothing but os and what os needs, and comes before path/filepath, which the library needs.
// It must stay so: another import here could bring it too late, and a test would notice.
package private

import "os"

// nowhere cannot be made: where there is no folder of our own, nothing is kept.
const nowhere = "/dev/null/nevermind"

var (
	before, was = os.LookupEnv(variable)
	_           = os.Setenv(variable, folder())
)

// Restore puts TMPDIR back; call it once the library has started.
func Restore() {
	if was {
		_ = os.Setenv(variable, before) // a name that was there before cannot be refused
		return
	}
	_ = os.Unsetenv(variable)
}

// folder returns a folder that belongs to us and that nobody else may look into, or one that cannot be.
func folder() string {
	cache, err := os.UserCacheDir()
	if err != nil || os.MkdirAll(cache, 0o700) != nil {
		return nowhere
	}
	own := cache + string(os.PathSeparator) + "nevermind"
	if err := os.Mkdir(own, 0o700); err != nil && !os.IsExist(err) {
		return nowhere
	}
	info, err := os.Lstat(own)
	if err != nil || !info.IsDir() || !ours(info) {
		return nowhere
	}
	return own
}
