package main

import (
	"hash/maphash"
	"sync"
	"sync/atomic"
)

// maxParallel is how many writes share the disk's at most.
const maxParallel = 64

// parallel does one thing to many values, side by side so that their commits share disk writes;
// values of one name keep their order. newParallel starts its goroutines, put hands values over
// from one goroutine, and wait ends it. After the first error nothing further is done.
type parallel[T any] struct {
	do         func(T) error
	lanes      [maxParallel]chan T
	seed       maphash.Seed
	all        sync.WaitGroup
	done       atomic.Int64
	firstError atomic.Pointer[error] // the first
}

// newParallel starts maxParallel goroutines that call do.
func newParallel[T any](do func(T) error) *parallel[T] {
	s := &parallel[T]{do: do, seed: maphash.MakeSeed()}
	for i := range s.lanes {
		s.lanes[i] = make(chan T, 1)
		s.all.Go(func() { s.work(s.lanes[i]) })
	}
	return s
}

// work does what one lane brings, in order; after an error of any lane it only empties its own.
func (s *parallel[T]) work(lane <-chan T) {
	for one := range lane {
		if s.firstError.Load() != nil {
			continue
		}
		if err := s.do(one); err != nil {
			s.firstError.CompareAndSwap(nil, &err)
			continue
		}
		s.done.Add(1)
	}
}

// failed returns the first error of any handed over so far.
func (s *parallel[T]) failed() error {
	if err := s.firstError.Load(); err != nil {
		return *err
	}
	return nil
}

// put hands one over; it returns the first error of any handed over before.
func (s *parallel[T]) put(name string, one T) error {
	if err := s.failed(); err != nil {
		return err
	}
	s.lanes[maphash.String(s.seed, name)%maxParallel] <- one
	return nil
}

// wait waits for all of them and says how many were done.
func (s *parallel[T]) wait() (int, error) {
	for _, lane := range s.lanes {
		close(lane)
	}
	s.all.Wait()
	return int(s.done.Load()), s.failed()
}
