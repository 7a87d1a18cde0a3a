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
			answer, err := q.ask(one)
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

// ask reads one line; the end of the input is an empty answer.
func (q *questions) ask(one question) (string, error) {
	fmt.Fprintf(q.out, "%s: ", one.asks)
	if f, ok := q.raw.(*os.File); ok && one.hidden && term.IsTerminal(int(f.Fd())) {
		typed, err := term.ReadPassword(int(f.Fd()))
		fmt.Fprintln(q.out)
		return strings.TrimSpace(string(typed)), err
	}
	line, err := q.in.ReadString('\n')
	if errors.Is(err, io.EOF) {
		fmt.Fprintln(q.out)
		err = nil
	}
	return strings.TrimSpace(line), err
}
