package bot

import (
	"errors"
)

// Operators is the key under which what operators do is journalled, chained like every journal.
const Operators Key = "operators/acts"

// What operators do with a task that is set aside, as their journal names it.
const (
	TaskPutBack = "task_put_back"
	TaskGivenUp = "task_dropped"
)

// What an operator may be told; look for these with errors.Is.
var (
	ErrNotDead  = errors.New("the task is not set aside")
	ErrReplaced = errors.New("a newer edit of the same message was made since")
)

// SetAsideByRestore is why what a backup held unsent is set aside.
const SetAsideByRestore = "restored"
