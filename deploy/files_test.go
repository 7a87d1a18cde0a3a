package deploy_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

var setting = regexp.MustCompile(`\bNEVERMIND_[A-Z_]+\b`)

// TestFilesAgree: image, compose and Kubernetes have the same user, volumes and health probe, and name only settings that
// docs/operations.md explains.
func TestFilesAgree(t *testing.T) {
	t.Parallel()
	read := func(name string) string {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	explained := read("../docs/operations.md")
	for _, name := range []string{"../Dockerfile", "compose.yaml", "kubernetes.yaml", "nevermind.service",
		"nevermind.env", "scale/compose.yaml", "scale/kubernetes.yaml"} {
		text := read(name)
		for _, s := range setting.FindAllString(text, -1) {
			if !strings.Contains(explained, "`"+s+"`") {
				t.Errorf("%s: nobody explains %s", name, s)
			}
		}
		if strings.HasPrefix(name, "nevermind.") || strings.HasPrefix(name, "scale/") {
			continue
		}
		for _, want := range []string{"65532", "/data", "/keys", "health", "0.0.0.0:8080", "9180"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: says nothing of %s", name, want)
			}
		}
	}
}
