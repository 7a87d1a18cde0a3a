package deploy_test

import (
	"errors"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// documents reads a file of YAML documents.
func documents(t *testing.T, name string) (all []map[string]any) {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for in := yaml.NewDecoder(f); ; {
		var one map[string]any
		err := in.Decode(&one)
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		all = append(all, one)
	}
}

// at is what stands in a document under a path of keys; nil where nothing does.
func at(doc any, path ...string) any {
	for _, key := range path {
		within, ok := doc.(map[string]any)
		if !ok {
			return nil
		}
		doc = within[key]
	}
	return doc
}

func listAt(doc any, path ...string) []any {
	list, _ := at(doc, path...).([]any)
	return list
}

// TestScaleCompose: three servers alike, what they wait for and mount is there, and the primary waits for its standby.
func TestScaleCompose(t *testing.T) {
	t.Parallel()
	doc := documents(t, "scale/compose.yaml")[0]
	services, volumes := at(doc, "services").(map[string]any), at(doc, "volumes").(map[string]any)
	servers := 0
	for name, service := range services {
		if at(service, "image") == nil {
			t.Errorf("%s has no image", name)
		}
		if strings.HasPrefix(name, "nevermind-") {
			servers++
			if at(service, "image") != "nevermind:local" || at(service, "environment", "NEVERMIND_LISTEN") != "0.0.0.0:8080" {
				t.Errorf("%s is no server: %v", name, service)
			}
		}
		needs := map[string]any{}
		if of, ok := at(service, "depends_on").(map[string]any); ok {
			needs = of
		}
		for _, of := range listAt(service, "depends_on") {
			needs[of.(string)] = nil
		}
		for of, how := range needs {
			if services[of] == nil {
				t.Errorf("%s waits for %s, which is not there", name, of)
			}
			if at(how, "condition") == "service_healthy" && at(services[of], "healthcheck", "test") == nil {
				t.Errorf("%s waits until %s is healthy, which nobody asks", name, of)
			}
		}
		for _, mount := range listAt(service, "volumes") {
			from, _, _ := strings.Cut(mount.(string), ":")
			_, declared := volumes[from]
			if file, ok := strings.CutPrefix(from, "./"); ok {
				_, err := os.Stat("scale/" + file)
				declared = err == nil
			}
			if !declared {
				t.Errorf("%s mounts %s, which is not there", name, from)
			}
		}
	}
	if servers != 3 {
		t.Errorf("%d servers, want 3", servers)
	}
	command := listAt(services, "primary", "command")
	if !slices.Contains(command, any("synchronous_standby_names=ANY 1 (standby)")) {
		t.Errorf("the primary waits for no standby: %v", command)
	}
	proxy, err := os.ReadFile("scale/haproxy.cfg")
	if err != nil || strings.Count(string(proxy), "nevermind-") != servers || !strings.Contains(string(proxy), "GET /readyz") {
		t.Errorf("the proxy does not ask all servers whether they are ready: %v", err)
	}
}

// TestScaleKubernetes: every document says what it is, selectors find the servers' pods, and probes ask ports that are there.
func TestScaleKubernetes(t *testing.T) {
	t.Parallel()
	docs := documents(t, "scale/kubernetes.yaml")
	kinds := map[string]any{}
	for _, doc := range docs {
		kind, _ := at(doc, "kind").(string)
		if kind == "" || at(doc, "apiVersion") == nil || at(doc, "metadata", "name") != "nevermind" || kinds[kind] != nil {
			t.Fatalf("this is nothing: %v", doc)
		}
		kinds[kind] = doc
	}
	deployment := kinds["Deployment"]
	labels, _ := at(deployment, "spec", "template", "metadata", "labels").(map[string]any)
	for _, selector := range []any{
		at(deployment, "spec", "selector", "matchLabels"), at(kinds["PodDisruptionBudget"], "spec", "selector", "matchLabels"),
		at(kinds["Service"], "spec", "selector"), at(kinds["NetworkPolicy"], "spec", "podSelector", "matchLabels"),
	} {
		want, ok := selector.(map[string]any)
		if !ok || len(want) == 0 || !maps.EqualFunc(want, labels, func(a, b any) bool { return a == b }) {
			t.Errorf("a selector finds no server: %v", selector)
		}
	}
	if n := at(deployment, "spec", "replicas"); n != uint64(3) {
		t.Errorf("%v replicas, want 3", n)
	}
	pod := at(deployment, "spec", "template", "spec")
	container := listAt(pod, "containers")[0]
	ports, volumes := map[any]bool{}, map[any]bool{}
	for _, p := range listAt(container, "ports") {
		ports[at(p, "name")] = true
	}
	for _, v := range listAt(pod, "volumes") {
		volumes[at(v, "name")] = true
	}
	for _, m := range listAt(container, "volumeMounts") {
		if !volumes[at(m, "name")] {
			t.Errorf("no volume %v", at(m, "name"))
		}
	}
	if probe := at(container, "readinessProbe", "httpGet"); at(probe, "path") != "/readyz" || !ports[at(probe, "port")] {
		t.Errorf("readiness is asked of %v", probe)
	}
	for _, p := range listAt(kinds["Service"], "spec", "ports") {
		if !ports[at(p, "targetPort")] {
			t.Errorf("no port %v", at(p, "targetPort"))
		}
	}
}
