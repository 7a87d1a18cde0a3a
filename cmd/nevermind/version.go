package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// version is set by the linker in a release: -X main.version=v1.2.3.
var version = ""

// versionCommand tells which program this is.
type versionCommand struct{}

// Run tells which program this is.
func (versionCommand) Run(p *program) error {
	kept, err := p.set.storage()
	if err != nil {
		return usageError{err}
	}
	fmt.Fprintf(p.out, "nevermind %s\ngo %s\nschema %d\n", versionName(), runtime.Version()[len("go"):], kept.schema())
	return nil
}

// versionName is the release, or what the module system knows, or (devel).
func versionName() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}
