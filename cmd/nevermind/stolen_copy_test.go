package main

import (
	"archive/zip"
	"bytes"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// TestStolenCopy: a copy of the data folder or of a backup, without the key, shows no name, letter, order number or title, and is
// opened by nobody.
func TestStolenCopy(t *testing.T) {
	t.Parallel()
	data, file := t.TempDir(), filepath.Join(t.TempDir(), "b.zip")
	titled := regexp.MustCompile(`"title":"[^"]*"`).ReplaceAllString(order("940017", "b-canary"), `"title":"A canary lamp"`)
	command(t, titled, "import", "-", "--data", data).want(t, exitDone)
	command(t, "940017\nCancel this order\n1\n1\nmy canary letter\n", "chat", "--as", "b-canary", "--data", data).want(t, exitDone)
	command(t, "", "backup", file, "--data", data).want(t, exitDone)
	told, err := os.ReadFile(exportFile(t, data))
	if err != nil {
		t.Fatal(err)
	}
	words := []string{"940017", "A canary lamp", "my canary letter", "b-canary"}
	for _, word := range words {
		if !bytes.Contains(told, []byte(word)) {
			t.Errorf("with the key %q is not told: it says nothing about the copy", word)
		}
	}
	for name, content := range everyFile(t, data, file) {
		for _, word := range words {
			if bytes.Contains(content, []byte(word)) {
				t.Errorf("%q stands in %s", word, name)
			}
		}
	}
	stolen := filepath.Join(t.TempDir(), "stolen")
	if err := os.CopyFS(stolen, os.DirFS(data)); err != nil {
		t.Fatal(err)
	}
	command(t, "", "export", "--data", stolen).want(t, exitFailed, "key is missing or wrong", "No new key is made")
	if _, err := os.Stat(stolen + ".key"); err == nil {
		t.Error("a key was made for a store that has one")
	}
}

// exportFile writes what is exported to a file.
func exportFile(t *testing.T, data string) string {
	t.Helper()
	r := command(t, "", "export", "--data", data)
	r.want(t, exitDone)
	name := filepath.Join(t.TempDir(), "export")
	write(t, name, r.out)
	return name
}

// everyFile is the content of all files of a data folder and of all parts of a backup.
func everyFile(t *testing.T, data, backup string) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	err := filepath.WalkDir(data, func(path string, e fs.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() {
			all[path], err = os.ReadFile(path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	z, err := zip.OpenReader(backup)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	for _, part := range z.File {
		r, err := part.Open()
		if err != nil {
			t.Fatal(err)
		}
		if all["backup:"+part.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
	return all
}
