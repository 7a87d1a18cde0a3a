package slacktest

import (
	"io"
	"maps"
	"net/http"
	"slices"
)

// attach stores the files that come with a message, and says what Slack says of them; s.mu is held.
func (s *Slack) attach(m *Message, files map[string][]byte) []any {
	var all []any
	names := make([]string, 0, len(files))
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		f := &File{ID: s.id("F"), Name: name, Content: files[name], Said: s.said[name]}
		s.files[f.ID] = f
		m.Files = append(m.Files, *f)
		all = append(all, s.sentObject(f))
	}
	return all
}

// fileObject is what Slack says of a file.
func (s *Slack) fileObject(f *File) map[string]any {
	at := s.http.URL + "/file/" + f.ID + "/" + f.Name
	o := map[string]any{"id": f.ID, "name": f.Name, "title": f.Name, "size": len(f.Content), "mode": "hosted", "url_private": at,
		"url_private_download": at, "created": 1, "mimetype": "", "filetype": "", "pretty_type": "", "editable": false,
		"is_external": false, "external_type": "", "is_public": false, "public_url_shared": false, "display_as_bot": false,
		"username": "", "permalink": at, "channels": []any{}, "groups": []any{}}
	maps.Copy(o, f.Said)
	return o
}

// Refer makes Slack send files by reference, as it does with those of another team in a Slack Connect channel: their ids
// alone, to be looked up with files.info.
func (s *Slack) Refer(refer bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refer = refer
}

// sentObject is what Slack sends of a file with a message.
func (s *Slack) sentObject(f *File) map[string]any {
	if !s.refer {
		return s.fileObject(f)
	}
	return map[string]any{"id": f.ID, "mode": "file_access", "file_access": "check_file_info", "created": 0, "timestamp": 0,
		"user": ""}
}

// Describe changes what files.info and messages say of files by that name from now on: their mode, say.
func (s *Slack) Describe(name string, said map[string]any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.said[name] = said
}

// fileInfo is files.info.
func fileInfo(s *Slack, args map[string]any) (map[string]any, string, func()) {
	f := s.files[str(args["file"])]
	if f == nil {
		return nil, "file_not_found", nil
	}
	return map[string]any{"file": s.fileObject(f), "comments": []any{}, "paging": map[string]any{"count": 1, "page": 1}}, "", nil
}

// download hands a file to who has the token.
func (s *Slack) download(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	f := s.files[r.PathValue("id")]
	s.mu.Unlock()
	if f == nil || r.Header.Get("Authorization") != "Bearer "+BotToken {
		http.NotFound(w, r)
		return
	}
	w.Write(f.Content)
}

// uploadURL is files.getUploadURLExternal.
func uploadURL(s *Slack, args map[string]any) (map[string]any, string, func()) {
	length, _ := args["length"].(int)
	f := &File{ID: s.id("F"), Name: str(args["filename"]), length: length}
	s.files[f.ID] = f
	return map[string]any{"upload_url": s.http.URL + "/upload/" + f.ID, "file_id": f.ID}, "", nil
}

// upload takes a file's content.
func (s *Slack) upload(w http.ResponseWriter, r *http.Request) {
	part, _, err := r.FormFile("file")
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	content, _ := io.ReadAll(part)
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.files[r.PathValue("id")]
	if f == nil || len(content) != f.length {
		http.Error(w, "not that file", http.StatusBadRequest)
		return
	}
	f.Content = content
	io.WriteString(w, "OK")
}

// completeUpload is files.completeUploadExternal: the files stand in a message of the app.
func completeUpload(s *Slack, args map[string]any) (map[string]any, string, func()) {
	c := s.channels[str(args["channel_id"])]
	list, _ := args["files"].([]any)
	if c == nil || len(list) == 0 {
		return nil, "channel_not_found", nil
	}
	m := &Message{Channel: str(args["channel_id"]), TS: s.ts(), Thread: str(args["thread_ts"]), User: BotUser}
	var all []any
	for _, one := range list {
		id, _ := one.(map[string]any)
		f := s.files[str(id["id"])]
		if f == nil || f.Content == nil {
			return nil, "file_not_found", nil
		}
		m.Files = append(m.Files, *f)
		all = append(all, map[string]any{"id": f.ID, "title": f.Name})
	}
	c.messages = append(c.messages, m)
	return map[string]any{"files": all}, "", s.echo(m, "")
}
