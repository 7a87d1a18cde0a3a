package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"nevermind/bot"
)

// The codes with which a statement refuses a commit: those of refuse, in a class of our own.
const (
	codeNone     = "NM404"
	codeSeen     = "NM409"
	codeStale    = "NM412"
	codeFenced   = "NM423"
	codeSlot     = "NM428" // a subject has another slot of the key ring
	codeOutdated = "NM425" // what the commit's caller was answered from memory has changed
	codeErased   = "NM410" // somebody was erased since the keys were read that are kept in memory
)

// errErasedMeanwhile says so; the commit is made again with keys that are read anew.
var errErasedMeanwhile = fmt.Errorf("%w: somebody was erased meanwhile", bot.ErrStale)

// errSlot says that a subject's key was given out twice; the commit is made again with the one that is stored.
var errSlot = fmt.Errorf("%w: a key was given out twice", bot.ErrStale)

// The constraints whose violation says what a commit may not do.
var refusals = map[string]error{
	"handled_pkey": bot.ErrSeen,
	"journal_pkey": bot.ErrStale,
}

// explain turns what the database says into bot's errors.
func (s *Store) explain(err error) error {
	var said *pgconn.PgError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, pgx.ErrNoRows):
		return bot.ErrNone
	case !errors.As(err, &said) && s.closed.Load():
		return bot.ErrClosed
	case said == nil:
		return err
	}
	switch said.Code {
	case codeNone:
		return bot.ErrNone
	case codeSeen:
		return bot.ErrSeen
	case codeStale:
		return bot.ErrStale
	case codeFenced:
		return bot.ErrFenced
	case codeSlot:
		return errSlot
	case codeErased:
		return errErasedMeanwhile
	case codeOutdated:
		return errOutdated
	case "23505":
		if refused := refusals[said.ConstraintName]; refused != nil {
			return refused
		}
		return fmt.Errorf("%w: made by another at the same moment: %w", bot.ErrStale, err)
	}
	return err
}

// again says whether a statement may be made again: two transactions were in each other's way, and one was rolled back.
func again(err error) bool {
	var said *pgconn.PgError
	return errors.As(err, &said) && (said.Code == "40001" || said.Code == "40P01" || said.Code == "55P03")
}

// lost says whether the connection was lost, so that nobody knows what became of the statement.
func lost(err error) bool {
	var said *pgconn.PgError
	if errors.As(err, &said) { // the server says that it goes away, or is not there yet, or must not be written to
		return strings.HasPrefix(said.Code, "08") || strings.HasPrefix(said.Code, "57P") || said.Code == "25006"
	}
	var network net.Error
	var refused *pgconn.ConnectError
	return errors.As(err, &network) || errors.As(err, &refused) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, net.ErrClosed) || pgconn.SafeToRetry(err)
}

// How often something is tried again, and how long it is waited for between.
const (
	mostTries = 12
	firstWait = 5 * time.Millisecond
	longWait  = 500 * time.Millisecond
)

// pause waits before the next try, with jitter, so that those who were in each other's way are not again.
func pause(ctx context.Context, try int) error {
	most := min(firstWait<<try, longWait)
	timer := time.NewTimer(most/2 + rand.N(most)) //nolint:gosec // jitter
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// read runs a read, again where the connection was lost meanwhile.
func (s *Store) read(ctx context.Context, f func(q querier) error) error {
	if s.closed.Load() {
		return bot.ErrClosed
	}
	for try := 0; ; try++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		err := f(s.db)
		if err == nil || try+1 == mostReads || s.frozen || !lost(err) && !again(err) {
			return s.explain(err)
		}
		if err := pause(ctx, try); err != nil {
			return err
		}
	}
}

// mostReads is how often a read is tried.
const mostReads = 3
