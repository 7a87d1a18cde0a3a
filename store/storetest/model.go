package storetest

import (
	"testing"

	"nevermind/bot"
)

func agree(t *testing.T, open func(t *testing.T, dir string) bot.Store) {}
