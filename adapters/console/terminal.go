package console

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"nevermind/bot"
)

// Terminal is the console's other half: somebody who types. Set its exported fields, then call Chat once.
type Terminal struct {
	Client *http.Client // reaches the handler, whatever the address
	In     io.Reader
	Out    io.Writer
	Fancy  bool // Out is a screen: keep a prompt on its last line

	room    bot.Room
	letters choiceLetters
	bubbles chan Bubble
	shown   map[string]bool
}

// ErrOver is returned where the server cannot be reached any more.
var ErrOver = errors.New("the server has gone")

// quietTime is how long nothing has to come before a conversation from a file is over.
const quietTime = 500 * time.Millisecond

// serverURL is the address in every request; Client's transport knows where the server is.
const serverURL = "http://nevermind" // the client's transport knows where that is

// Chat lets a person talk until they type /quit, the input ends or ctx does, all of which is nil. ErrStranger where the
// server does not know them, ErrOver where it goes away.
func (t *Terminal) Chat(ctx context.Context, who bot.PersonID) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if err := t.enter(ctx, who); err != nil {
		return err
	}
	lines := t.readLines(ctx)
	t.prompt()
	for {
		select {
		case <-ctx.Done():
			return nil
		case b, ok := <-t.bubbles:
			if !ok {
				return ErrOver
			}
			t.print(b)
		case line, ok := <-lines:
			if !ok {
				return t.drain(ctx)
			}
			if line == "/quit" {
				return nil
			}
			if err := t.say(ctx, line); err != nil {
				return err
			}
			t.prompt()
		}
	}
}

// enter takes the person's room and subscribes to it.
func (t *Terminal) enter(ctx context.Context, who bot.PersonID) error {
	var w enterAnswer
	if err := t.post(ctx, "/console/rooms", enterRequest{who}, &w); err != nil {
		return err
	}
	t.room, t.bubbles, t.shown = w.Room, make(chan Bubble), map[string]bool{}
	_, id := who.Split()
	fmt.Fprintf(t.Out, "You are %s. Type what you like, or the number of a choice; "+
		"/attach FILE sends a photo or another file; /quit leaves.\n", displayName(w.Name, id))
	stream, err := t.openStream(ctx)
	if err != nil {
		return err
	}
	go t.readStream(ctx, stream)
	return nil
}

// displayName is a name with the id behind it, or the id alone.
func displayName(name, id string) string {
	if name == "" {
		return id
	}
	return sanitize(name) + " (" + id + ")"
}

// openStream asks for the bubbles of the room.
func (t *Terminal) openStream(ctx context.Context) (io.ReadCloser, error) {
	to := serverURL + "/console/stream?room=" + url.QueryEscape(string(t.room))
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, to, nil)
	if err != nil {
		return nil, err
	}
	answer, err := t.Client.Do(r)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrOver, err)
	}
	if answer.StatusCode != http.StatusOK {
		return nil, answerError(answer)
	}
	return answer.Body, nil
}

// readStream hands on each bubble until the stream ends.
func (t *Terminal) readStream(ctx context.Context, stream io.ReadCloser) {
	defer close(t.bubbles)
	defer stream.Close()
	for in := json.NewDecoder(stream); ; {
		var b Bubble
		if in.Decode(&b) != nil {
			return
		}
		select {
		case t.bubbles <- b:
		case <-ctx.Done():
			return
		}
	}
}

// readLines hands on each line of the input, trimmed; the channel is closed at its end.
func (t *Terminal) readLines(ctx context.Context) <-chan string {
	lines := make(chan string)
	go func() {
		defer close(lines)
		in := bufio.NewScanner(t.In)
		in.Buffer(nil, maxLine/2)
		for in.Scan() {
			select {
			case lines <- strings.TrimSpace(in.Text()):
			case <-ctx.Done():
				return
			}
		}
	}()
	return lines
}

// say sends a line, as a press where it names a choice, and shows what is answered before the next line is read.
func (t *Terminal) say(ctx context.Context, line string) error {
	if line == "" {
		return nil
	}
	line = trimBrackets(line)
	m := messageRequest{ID: rand.Text(), Room: t.room, Text: line}
	// A file that cannot be read is no reason to end the conversation.
	if path, ok := strings.CutPrefix(line, "/attach "); ok {
		f, caption, err := t.attach(ctx, strings.TrimSpace(path))
		if err != nil {
			fmt.Fprintln(t.Out, "Not sent:", err)
			return nil
		}
		m.Text, m.Files, line = caption, []file{f}, ""
	}
	// A code such as a2 presses a card's choice; a plain number goes to the engine as text.
	if c, ok := t.letters.press(line); ok {
		m.Text, m.Press = "", c.Token
	}
	var h messageAnswer
	if err := t.post(ctx, "/console/messages", m, &h); err != nil {
		return err
	}
	enough := time.NewTimer(answerTimeout)
	defer enough.Stop()
	// The answer is shown before the next line is read: lines from a file would otherwise overtake it.
	for h.Last != "" && !t.shown[h.Last] {
		select {
		case b, ok := <-t.bubbles:
			if !ok {
				return ErrOver
			}
			t.print(b)
		case <-enough.C:
			return nil
		case <-ctx.Done():
			return nil
		}
	}
	return nil
}

// drain shows what follows from the last line, where lines came from a file, until nothing has come for quietTime.
func (t *Terminal) drain(ctx context.Context) error {
	for {
		quiet := time.NewTimer(quietTime)
		select {
		case b, ok := <-t.bubbles:
			quiet.Stop()
			if !ok {
				return ErrOver
			}
			t.print(b)
		case <-quiet.C:
			return nil
		case <-ctx.Done():
			return nil
		}
	}
}

// print shows a bubble, above the prompt where there is one.
func (t *Terminal) print(b Bubble) {
	t.shown[b.ID] = true
	text := renderBubble(b, t.letters.put(b))
	if text == "" {
		return
	}
	if t.Fancy {
		// The prompt is erased, and written again below the bubble.
		text = "\r\x1b[K" + text
	}
	fmt.Fprint(t.Out, text)
	t.prompt()
}

// prompt writes the prompt, where Out is a screen.
func (t *Terminal) prompt() {
	if t.Fancy {
		fmt.Fprint(t.Out, "\r\x1b[K> ")
	}
}

// post sends a request as JSON and decodes the answer into a value.
func (t *Terminal) post(ctx context.Context, path string, what, into any) error {
	body, err := json.Marshal(what)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, serverURL+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	answer, err := t.Client.Do(r)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrOver, err)
	}
	if answer.StatusCode != http.StatusOK {
		return answerError(answer)
	}
	defer answer.Body.Close()
	return json.NewDecoder(answer.Body).Decode(into)
}

// answerError is the error that a refusal stands for.
func answerError(answer *http.Response) error {
	defer answer.Body.Close()
	// Only the person can be unknown to the server.
	if answer.StatusCode == http.StatusNotFound {
		return ErrStranger
	}
	text, err := io.ReadAll(io.LimitReader(answer.Body, 1000))
	if err != nil {
		return err
	}
	return errors.New(sanitize(strings.TrimSpace(string(text))))
}
