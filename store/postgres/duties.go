package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"nevermind/bot"
)

// How long a duty is had where it is not renewed, by the database's clock, how often it is renewed, and after how long without an
// answer whoever has it lets go, by their own: before anybody else can have it.
const (
	dutyRenewed = time.Second
	dutyGivenUp = 4 * time.Second
)

// dutyLease is how long that is.
const dutyLease = `clock_timestamp() + interval '6 seconds'`

// OnDuty waits until this process has a duty that one alone may have, and runs f, whose context ends where the duty may be
// another's. It returns when f has, or else begins again, until ctx ends.
func (s *Store) OnDuty(ctx context.Context, duty string, f func(ctx context.Context)) {
	for ctx.Err() == nil && !s.closed.Load() {
		asked := time.Now()
		epoch, err := s.takeDuty(ctx, duty)
		if err != nil { // another has it, or the database is away
			_ = pause(ctx, 9)
			continue
		}
		if s.haveDuty(ctx, duty, epoch, asked, f) {
			return
		}
	}
}

// takeDuty takes a duty that nobody has.
func (s *Store) takeDuty(ctx context.Context, duty string) (epoch int64, err error) {
	ctx, cancel := context.WithTimeout(ctx, dutyGivenUp)
	defer cancel()
	return epoch, s.pulse.pool.QueryRow(ctx, `INSERT INTO duties AS d (name, holder, epoch, until)
		VALUES ($1, $2, nextval('epochs'), `+dutyLease+`)
		ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, epoch = excluded.epoch, until = excluded.until
			WHERE d.until < clock_timestamp() RETURNING epoch`, duty, s.replica).Scan(&epoch)
}

// haveDuty runs f and renews the duty; it returns true once f has come to an end of its own. A process that was frozen sees on
// waking how long ago it was sure of the duty last.
func (s *Store) haveDuty(ctx context.Context, duty string, epoch int64, sure time.Time, f func(ctx context.Context)) (done bool) {
	working, letGo := context.WithCancel(ctx)
	defer letGo()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		f(working)
	}()
	tick := time.NewTicker(dutyRenewed)
	defer tick.Stop()
	for time.Since(sure) < dutyGivenUp {
		select {
		case <-ended:
			s.giveBackDuty(duty, epoch)
			return true
		case <-tick.C:
		}
		if time.Since(sure) >= dutyGivenUp {
			break
		}
		asked := time.Now()
		err := s.renewDuty(ctx, duty, epoch, sure)
		if err == nil {
			sure = asked
		}
		if errors.Is(err, pgx.ErrNoRows) { // it is another's
			break
		}
	}
	letGo()
	<-ended
	if ctx.Err() != nil {
		s.giveBackDuty(duty, epoch)
	}
	return ctx.Err() != nil
}

func (s *Store) renewDuty(ctx context.Context, duty string, epoch int64, sure time.Time) error {
	ctx, cancel := context.WithDeadline(ctx, sure.Add(dutyGivenUp))
	defer cancel()
	return s.pulse.pool.QueryRow(ctx, `UPDATE duties SET until = `+dutyLease+` WHERE name = $1 AND epoch = $2 AND holder = $3
		RETURNING epoch`, duty, epoch, s.replica).Scan(&epoch)
}

// giveBackDuty lets another have it at once.
func (s *Store) giveBackDuty(duty string, epoch int64) {
	ctx, cancel := context.WithTimeout(context.Background(), dutyGivenUp)
	defer cancel()
	_, _ = s.pulse.pool.Exec(ctx, `DELETE FROM duties WHERE name = $1 AND epoch = $2`, duty, epoch)
}

var _ bot.Duties = (*Store)(nil)
