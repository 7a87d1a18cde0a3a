package main

import (
	"nevermind/adapters/listener"
	"nevermind/bot"
)

// listenerSettings are those of a model that is asked what unclear words may mean; without an address none is.
type listenerSettings struct {
	URL   string `help:"${listener_url}" env:"URL" placeholder:"URL"`
	Key   secret `help:"What the model's API is asked with, where it needs a key." env:"KEY" placeholder:"SECRET"`
	Model string `help:"The model's name there." env:"MODEL" placeholder:"NAME"`
}

// inspect looks for faults: address and model go together.
func (l *listenerSettings) inspect(f *faultList) {
	f.url("NEVERMIND_LISTENER_URL", l.URL)
	f.header("NEVERMIND_LISTENER_KEY", l.Key)
	switch {
	case l.URL != "" && l.Model == "":
		f.add("NEVERMIND_LISTENER_MODEL", "name the model that is asked at NEVERMIND_LISTENER_URL")
	case l.URL == "" && (l.Model != "" || l.Key.set()):
		f.add("NEVERMIND_LISTENER_URL", "nobody is asked without it, such as https://api.example/v1; or leave out model and key")
	}
}

// open makes the listener; nil where none is set.
func (l *listenerSettings) open() bot.Listener {
	if l.URL == "" {
		return nil
	}
	return listener.New(listener.Config{URL: l.URL, Key: l.Key.text(), Model: l.Model})
}
