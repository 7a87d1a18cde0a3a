// Command nevermind is an assistant for the conversations around cancelled orders.
//
// The package is commands and wiring, and nothing else: each command is a struct with a Run method
// in a file of its own, and house.go wires the store, the flows, the adapters and the engine up for
// it. What is known about flows, stores, platforms or shops belongs to their packages.
//
// A store in a file is open in one process at a time; on a database any number work (storage.go is the one place that knows
// which it is). A server (serve.go) or a demo (demo.go) holds the file and
// listens on a control socket in the data folder; every other command asks through that socket, or
// where nobody listens opens the store itself and answers its own request in process (house.go,
// control_socket.go). So a command is the same code in both cases: a client half, and a handler on
// the house.
//
// Secrets are settings that never print (secret.go), and the log is redacted before it is written
// (log_redaction.go).
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"slices"
	"syscall"
	"time"
	_ "time/tzdata" // zones are known wherever the binary runs

	"github.com/alecthomas/kong"
)

// The exit codes.
const (
	exitDone     = 0
	exitFailed   = 1
	exitWrongUse = 2
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr, time.Now)
	stop()
	os.Exit(code)
}

// commands is the command line, as kong reads it from the tags: the settings that every command
// has, and each command with its own.
type commands struct {
	settings `embed:""`

	Serve   serveCommand      `cmd:"" help:"Production: starts every platform whose settings are there, and the shop's API."`
	Demo    demoCommand       `cmd:"" help:"${demo}"`
	Chat    chatCommand       `cmd:"" help:"The buyer's side in a terminal."`
	Import  importCommand     `cmd:"" help:"Load orders from NDJSON or CSV."`
	Flows   flowsCommand      `cmd:"" help:"Every flow, drawn and spelled out."`
	Check   checkCommand      `cmd:"" help:"Look for faults in flows, policy, words and settings; one line each."`
	Setup   setupCommand      `cmd:"" help:"Asks for what a server needs, tries each answer, and writes the file of settings."`
	Verify  verifyCommand     `cmd:"" help:"Check a sealed case file, without any server."`
	Lab     labCommand        `cmd:"" help:"Past cases under another policy: what would have gone otherwise."`
	Replay  replayCommand     `cmd:"" help:"Make every turn of a case again from its journal and compare."`
	Backup  backupCommand     `cmd:"" help:"Copy everything as it stands, also beside a running server."`
	Restore restoreCommand    `cmd:"" help:"Put a backup in place; what it held unsent then waits for you."`
	Move    moveCommand       `cmd:"" help:"Everything from one store into another: from a file into a database, and back."`
	Export  exportCommand     `cmd:"" help:"Everything as JSON lines."`
	Report  reportCommand     `cmd:"" help:"What came of requests: the funnel, reasons, sellers, support, refunds."`
	Letters deadLetterCommand `cmd:"" name:"deadletter" help:"What could not be delivered, and what to do with it."`
	MCP     mcpCommand        `cmd:"" name:"mcp" help:"${mcp_command}"`
	Keys    keysCommand       `cmd:"" help:"Keys for the shop's API, each with scopes of its own."`
	Erase   eraseCommand      `cmd:"" help:"Make what is kept of one person unreadable, in backups too."`
	Health  healthCommand     `cmd:"" help:"Whether the server on this machine is alive; for images without a shell."`
	Hear    understandCommand `cmd:"" name:"understand" help:"What free text would be heard as: a line in, a JSON line out."`
	Version versionCommand    `cmd:"" help:"Version, Go version and schema version."`
}

// parser reads a command line into the commands. A flag beats its variable, a variable beats the
// file. helped is called where only help was asked for.
func (l *commands) parser(out, errs io.Writer, helped func(int)) (*kong.Kong, error) {
	return kong.New(l, kong.Name("nevermind"), kong.Writers(out, errs),
		kong.Description("Talk an order over: cancel it, ask the seller, get the money back.\n\n"+
			"Settings: a flag beats its variable, a variable beats the file named by --config."),
		kong.Exit(helped), helpTexts, kong.Configuration(l.file.read), kong.ConfigureHelp(kong.HelpOptions{Compact: true}))
}

// faultsFor lists what keeps a command from running at all; all faults at once, so that an operator
// mends them in one go.
func (l *commands) faultsFor(command string) []error {
	switch command {
	case "check", "setup", "verify <file>": // two tell them themselves, the other needs none
		return nil
	case "move <from> <to>": // whose store is an argument
		return l.faultsButStore()
	case "serve":
		return l.Serve.faults(&l.settings)
	default:
		return l.faults()
	}
}

// program is what a command has to work with: where it reads and writes, its clock, its settings.
// Run makes one for each call; tests make their own with another clock.
type program struct {
	in       io.Reader
	out, err io.Writer
	now      func() time.Time
	bootTime func() time.Duration // time passed by a clock that nobody sets; nil has now trusted
	set      *settings
	exposed  []string // what stands more open than it has to by how the program was started
	log      *slog.Logger
}

// errReported ends a command with exit code 1 that has already told what is wrong.
var errReported = errors.New("failed")

// usageError marks what the person at the keyboard can put right by asking otherwise: exit code 2.
type usageError struct{ error }

// Unwrap shows the error within to errors.Is.
func (w usageError) Unwrap() error { return w.error }

// run is the program: it reads its command line, does what it says and returns the exit code.
// Everything from outside is handed in, so that tests run the real program. What it writes to errs
// holds no secret.
func run(ctx context.Context, args []string, in io.Reader, out, errs io.Writer, now func() time.Time) int {
	var line commands
	helped := false
	parser, err := line.parser(out, errs, func(int) { helped = true })
	if err != nil {
		return fail(errs, err)
	}
	parsed, err := parser.Parse(args)
	if helped {
		return exitDone
	}
	if err != nil {
		fail(errs, err)
		fmt.Fprintln(errs, `"nevermind --help" tells more.`)
		return exitWrongUse
	}
	p := &program{in: in, out: out, err: errs, now: now, bootTime: bootTime, set: &line.settings,
		log: line.logger(errs, slices.Contains([]string{"demo", "serve"}, parsed.Command()), line.hidden())}
	if faults := line.faultsFor(parsed.Command()); len(faults) > 0 {
		return fail(errs, usageError{errors.Join(faults...)})
	}
	p.set.unknown = unknownVariables(parser.Model, os.Environ())
	p.exposed = line.settings.exposures(os.Args[1:], line.hidden())
	defer p.set.closeRing()
	parsed.BindTo(ctx, (*context.Context)(nil))
	return fail(redactingWriter{errs, newRedactor(line.hidden())}, parsed.Run(p))
}

// fail tells an error and returns the exit code that belongs to it.
func fail(w io.Writer, err error) int {
	var use usageError
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, errReported):
		return exitFailed
	case errors.As(err, &use):
		fmt.Fprintln(w, "nevermind:", err)
		return exitWrongUse
	default:
		fmt.Fprintln(w, "nevermind:", err)
		return exitFailed
	}
}
