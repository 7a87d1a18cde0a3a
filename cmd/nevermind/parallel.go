package main

import (
	"hash/maphash"
	"sync"
	"sync/atomic"
)

// sideBySide is how many writes share the disk's at most.
const sideBySide = 64

// shared does one thing to many, side by side so that they share disk writes; those of one name keep their order.
type shared[T any] struct {
	do    func(T) error
	lanes [sideBySide]chan T
	seed  maphash.Seed
	all   sync.WaitGroup
	done  atomic.Int64
	fault atomic.Pointer[error] // the first
}

func share[T any](do func(T) error) *shared[T] {
	s := &shared[T]{do: do, seed: maphash.MakeSeed()}
	for i := range s.lanes {
		s.lanes[i] = make(chan T, 1)
		s.all.Go(func() { s.work(s.lanes[i]) })
	}
	return s
}

func (s *shared[T]) work(lane <-chan T) {
	for one := range lane {
		if s.fault.Load() != nil {
			continue
		}
		if err := s.do(one); err != nil {
			s.fault.CompareAndSwap(nil, &err)
			continue
		}
		s.done.Add(1)
	}
}

// put hands one over; it returns the first error of any handed over before.
func (s *shared[T]) put(name string, one T) error {
	if err := s.fault.Load(); err != nil {
		return *err
	}
	s.lanes[maphash.String(s.seed, name)%sideBySide] <- one
	return nil
}

// end waits for all of them and says how many were done.
func (s *shared[T]) end() (int, error) {
	for _, lane := range s.lanes {
		close(lane)
	}
	s.all.Wait()
	if err := s.fault.Load(); err != nil {
		return int(s.done.Load()), *err
	}
	return int(s.done.Load()), nil
}
