package main

import (
	"fmt"
	"io"
	"net/url"
	"os"
	"reflect"
	"strings"
)

// secret is a setting that is never shown, however it is printed: only reveal gives it away. It
// hides in a function since fmt, JSON and slog look into everything else.
type secret struct{ reveal func() string }

// shown is what stands for a secret wherever one is printed.
const shown = "(secret)"

// UnmarshalText takes the setting; what is around it is not part of it.
func (s *secret) UnmarshalText(text []byte) error {
	kept := strings.TrimSpace(string(text))
	s.reveal = func() string { return kept }
	return nil
}

// text is the secret itself; empty where none was given.
func (s secret) text() string {
	if s.reveal == nil {
		return ""
	}
	return s.reveal()
}

// set says whether a secret was given.
func (s secret) set() bool { return s.text() != "" }

// blank says whether the secret was given, but as nothing; an empty variable counts as none.
func (s secret) blank(variable string) bool {
	value, there := os.LookupEnv(variable)
	return s.reveal != nil && !s.set() && !(there && value == "")
}

// Format prints that there is a secret, whatever the verb.
func (s secret) Format(f fmt.State, _ rune) {
	if s.set() {
		io.WriteString(f, shown)
	}
}

// MarshalText serves JSON, YAML and slog.
func (s secret) MarshalText() ([]byte, error) { return []byte(fmt.Sprint(s)), nil }

// secrets finds every secret in a struct of settings.
func secrets(settings any) (found []secret) {
	var look func(v reflect.Value)
	look = func(v reflect.Value) {
		switch {
		case v.Type() == reflect.TypeFor[secret]() && v.CanInterface():
			found = append(found, v.Interface().(secret))
		case v.Kind() == reflect.Struct:
			for i := range v.NumField() {
				look(v.Field(i))
			}
		}
	}
	look(reflect.ValueOf(settings).Elem())
	return found
}

// hidden are the secrets of a command line, with the passwords that stand in addresses of databases.
func (l *commands) hidden() []secret {
	found := secrets(l)
	for _, at := range []string{l.Store, l.KeyRing} {
		if u, err := url.Parse(at); err == nil && u.User != nil {
			if password, given := u.User.Password(); given && password != "" {
				found = append(found, secret{func() string { return password }})
			}
		}
	}
	return found
}

// redactingWriter writes texts without their secrets, for what is told to a terminal.
type redactingWriter struct {
	io.Writer
	redactor redactor
}

func (v redactingWriter) Write(text []byte) (int, error) {
	if _, err := io.WriteString(v.Writer, v.redactor.secrets.Replace(string(text))); err != nil {
		return 0, err
	}
	return len(text), nil
}
