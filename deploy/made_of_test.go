package deploy_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestMadeOf: what somebody could slip into what the program is made of (finding A12, and a dozen more of its kind): each file
// that says where something comes from says so exactly.
func TestMadeOf(t *testing.T) {
	t.Parallel()
	read := func(t *testing.T, name string) string {
		t.Helper()
		text, err := os.ReadFile(filepath.Join("..", name))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	never := func(name, pattern, why string) {
		t.Run(name+": "+why, func(t *testing.T) {
			t.Parallel()
			if found := regexp.MustCompile(pattern).FindString(read(t, name)); found != "" {
				t.Errorf("%q", found)
			}
		})
	}
	always := func(name, pattern, why string) {
		t.Run(name+": "+why, func(t *testing.T) {
			t.Parallel()
			if !regexp.MustCompile(pattern).MatchString(read(t, name)) {
				t.Errorf("nothing is like %s", pattern)
			}
		})
	}
	never("go.mod", `(?m)^replace|=>`, "no module is put in another's place")
	never("Dockerfile", `(?m)^(ADD|RUN .*(curl|wget|apt-get|apk))`, "nothing is fetched but modules")
	always("Dockerfile", `(?m)^FROM scratch`, "nothing is in the image but what is named")
	always("Dockerfile", `(?m)^USER 65532:65532$`, "it is nobody's root")
	always("Dockerfile", `COPY --from=build /licences /licences`, "notices of others are in it")
	always("Dockerfile", `CGO_ENABLED=0 go build -trimpath -ldflags="-s -w -X main\.version=\$VERSION"`,
		"stripped, with its version, from Go alone")
	always("Dockerfile", `(?m)^CMD \["serve"\]$`, "it starts no demo")
	never("Dockerfile", `go (run|install) \S+@(latest|main|master|v\d+\s)`, "tools in one version")
	never(".ci/audit", `@(latest|main|master)\b`, "tools in one version")
	never(".ci/run", `@(latest|main|master)\b`, "tools in one version")
	never("Makefile", `@(latest|main|master)\b`, "tools in one version")
	never(".ci/run", `(?i)GONOSUMDB|GONOSUMCHECK|GOINSECURE|GOFLAGS=\S*-insecure|GOSUMDB=off|GONOSUM`, "sums are checked")
	never(".ci/audit", `(?i)GONOSUMDB|GONOSUMCHECK|GOINSECURE|GOSUMDB=off|GONOSUM|curl [^|\n]*\|\s*(ba)?sh`, "sums are checked")
	for _, name := range []string{"compose.yaml", "kubernetes.yaml", "scale/compose.yaml", "scale/kubernetes.yaml"} {
		never("deploy/"+name, `privileged: true|hostNetwork|hostPID|docker\.sock|SYS_ADMIN|allowPrivilegeEscalation: true`,
			"no more than it must")
	}
	t.Run("npm packages have sums, and come from npm", func(t *testing.T) {
		t.Parallel()
		packages := 0
		err := filepath.WalkDir("..", func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.Name() != "package-lock.json" || strings.Contains(path, "node_modules") {
				return err
			}
			packages += lockedPackages(t, path)
			return nil
		})
		if err != nil || packages < 100 {
			t.Errorf("%d packages were looked at: %v", packages, err)
		}
	})
	t.Run("pages load nothing from elsewhere", func(t *testing.T) {
		t.Parallel()
		loads := regexp.MustCompile(`(?i)<(script|link|img|iframe)[^>]*(src|href)=["']?(https?:)?//|@import|url\(["']?https?:`)
		pages := 0
		err := filepath.WalkDir("..", func(path string, e fs.DirEntry, err error) error {
			if err != nil || !regexp.MustCompile(`\.(html|tmpl|css|gohtml)$`).MatchString(path) ||
				strings.Contains(path, "node_modules") || strings.Contains(path, "testdata") {
				return err
			}
			pages++
			if found := loads.FindString(read(t, strings.TrimPrefix(path, "../"))); found != "" {
				t.Errorf("%s: %s", path, found)
			}
			return nil
		})
		if err != nil || pages == 0 {
			t.Errorf("%d pages were looked at: %v", pages, err)
		}
	})
}

// lockedPackages counts the packages of a lock file, each of which has to have a sum and come from npm's registry.
func lockedPackages(t *testing.T, path string) (packages int) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var lock struct {
		Packages map[string]struct {
			Resolved, Integrity string
			Link, InBundle      bool
		}
	}
	if err := json.Unmarshal(text, &lock); err != nil {
		t.Fatal(err)
	}
	for name, p := range lock.Packages {
		if name == "" || p.Link || p.InBundle {
			continue
		}
		packages++
		elsewhere := p.Resolved != "" && !strings.HasPrefix(p.Resolved, "https://registry.npmjs.org/")
		if elsewhere || !strings.HasPrefix(p.Integrity, "sha512-") {
			t.Errorf("%s: %s comes from %q with the sum %q", path, name, p.Resolved, p.Integrity)
		}
	}
	return packages
}
