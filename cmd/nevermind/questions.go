package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"
)

// questions asks for settings in a terminal, and tries each answer as it is given.
type questions struct {
	in  *bufio.Reader
	raw io.Reader
	out io.Writer
}

// question is one of them. What was given already, by a flag or a variable, is tried but not asked for.
type question struct {
	asks   string // with what an empty answer means
	hidden bool   // what is typed is not shown
	get    func() string
	set    func(string)
	faults func(*faultList)
	trial  trial // of nobody: there is nothing to try
}

// settle asks until an answer works, or none is given.
func (q *questions) settle(ctx context.Context, one question) error {
	for given := one.get() != ""; ; {
		if !given {
			answer, err := q.ask(ctx, one)
			if err != nil || answer == "" {
				return err
			}
			one.set(answer)
		}
		said, err := one.tried(ctx)
		if err == nil {
			if said != "" {
				fmt.Fprintf(q.out, "  ✓ %s\n", said)
			}
			return nil
		}
		fmt.Fprintf(q.out, "  ✗ %v\n", err)
		if given {
			return errReported // whoever gave it by a flag is not there to be asked
		}
		one.set("")
	}
}

// tried looks at the form of an answer first: what is wrong with it is told without asking anybody.
func (one question) tried(ctx context.Context) (string, error) {
	var wrong faultList
	one.faults(&wrong)
	if err := errors.Join(wrong...); err != nil {
		return "", err
	}
	if one.trial.try == nil {
		return "", nil
	}
	return one.trial.run(ctx)
}

// ask reads one line; the end of the input is an empty answer. Ctrl-C ends the wait for it.
func (q *questions) ask(ctx context.Context, one question) (string, error) {
	fmt.Fprintf(q.out, "%s: ", one.asks)
	type typed struct {
		line string
		err  error
	}
	got := make(chan typed, 1)
	before := q.terminal()
	go func() {
		line, err := q.read(one.hidden && before != nil)
		got <- typed{line, err}
	}()
	select {
	case t := <-got:
		return strings.TrimSpace(t.line), t.err
	case <-ctx.Done():
		if before != nil {
			_ = term.Restore(q.descriptor(), before) // else what is typed next is not shown either
		}
		fmt.Fprintln(q.out)
		return "", ctx.Err()
	}
}

// read reads one line, without showing it where it is hidden.
func (q *questions) read(hidden bool) (string, error) {
	if hidden {
		typed, err := term.ReadPassword(q.descriptor())
		fmt.Fprintln(q.out)
		return string(typed), err
	}
	line, err := q.in.ReadString('\n')
	if errors.Is(err, io.EOF) {
		fmt.Fprintln(q.out)
		err = nil
	}
	return line, err
}

// terminal is the state of the terminal that is asked in; nil where it is none.
func (q *questions) terminal() *term.State {
	if q.descriptor() < 0 {
		return nil
	}
	state, err := term.GetState(q.descriptor())
	if err != nil {
		return nil
	}
	return state
}

// descriptor is the input's; -1 where it is no file.
func (q *questions) descriptor() int {
	if f, ok := q.raw.(*os.File); ok {
		return int(f.Fd())
	}
	return -1
}
