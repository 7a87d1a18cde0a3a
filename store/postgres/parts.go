package postgres

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5"

	"nevermind/store/record"
)

// part is one change that a statement makes for many commits at once: its parameters are columns, a row for each time that a
// commit asks for it. Parts of one stage need not see each other's effects and are one statement, since most of what a statement
// costs is that it is one.
//
// In its SQL {rows} are those rows, called r, {count} is how many there are, and {0}, {1}, … are what its first, second, …
// statement returns.
type part struct {
	stage   stage
	columns string   // with their types
	sql     []string // statements
	refused string   // a condition that refuses the commit, with this code
	code    string
	inOrder bool // rows are kept in the order in which they came; others are sorted, so that all lock rows in one order

	index       int
	names, kind []string
}

// stage is when a part is made: behind all those of the stages before, whose effects it sees.
type stage int

const (
	recordsStage stage = iota // records, checks, the locks of lanes
	lanesStage                // lanes whose heads are over
	tasksStage                // new tasks
	editsStage                // edits that make others pointless
	namesStage                // names of what was written, and which keys it was written with
	stages
)

// parts are all there are.
var parts []*part

// newPart makes a part known.
func newPart(p part) *part {
	p.index = len(parts)
	for column := range strings.SplitSeq(p.columns, ", ") {
		name, kind, _ := strings.Cut(column, " ")
		p.names, p.kind = append(p.names, name), append(p.kind, kind)
	}
	parts = append(parts, &p)
	return &p
}

// asked are the rows of each part.
type asked [][][]any

// join puts the statement of a stage into a queue.
func (a asked) join(queue *pgx.Batch, at stage) {
	var which uint64
	var args []any
	for _, p := range parts {
		if p.stage != at || len(a[p.index]) == 0 {
			continue
		}
		which |= 1 << p.index
		rows := a[p.index]
		if !p.inOrder {
			slices.SortStableFunc(rows, func(x, y []any) int { return compareFirst(x[0], y[0]) })
		}
		for i, kind := range p.kind {
			args = append(args, column(kind, rows, i))
		}
	}
	if which != 0 {
		queue.Queue(statementOf(which), args...)
	}
}

// compareFirst compares what comes first in two rows.
func compareFirst(x, y any) int {
	switch x := x.(type) {
	case []byte:
		return bytes.Compare(x, y.([]byte))
	case string:
		return strings.Compare(x, y.(string))
	}
	return 0
}

// column is what an array parameter is made of.
func column(kind string, rows [][]any, i int) any {
	switch kind {
	case "bytea":
		return values[[]byte](rows, i)
	case "text":
		return values[string](rows, i)
	case "boolean":
		return values[bool](rows, i)
	}
	out := make([]int64, len(rows))
	for n, row := range rows {
		switch v := row[i].(type) {
		case int64:
			out[n] = v
		case record.Instant:
			out[n] = int64(v)
		case int:
			out[n] = int64(v)
		}
	}
	return out
}

func values[V any](rows [][]any, i int) []V {
	out := make([]V, len(rows))
	for n, row := range rows {
		out[n] = row[i].(V)
	}
	return out
}

// statementsKnown are those that were made before, by which parts they have.
var statementsKnown sync.Map

// statementOf is one statement of parts.
func statementOf(which uint64) string {
	if known, ok := statementsKnown.Load(which); ok {
		return known.(string)
	}
	var with, guards []string
	before := 0
	for _, p := range parts {
		if which&(1<<p.index) == 0 {
			continue
		}
		var arrays []string
		for i, kind := range p.kind {
			arrays = append(arrays, "$"+strconv.Itoa(before+i+1)+"::"+kind+"[]")
		}
		places := []string{"{rows}", "unnest(" + strings.Join(arrays, ", ") + ") AS r (" + strings.Join(p.names, ", ") + ")",
			"{count}", "cardinality(" + arrays[0] + ")"}
		for i := range p.sql {
			places = append(places, fmt.Sprint("{", i, "}"), fmt.Sprint("part", p.index, "_", i))
		}
		fill := strings.NewReplacer(places...)
		for i, sql := range p.sql {
			with = append(with, fill.Replace(fmt.Sprint("{", i, "} AS (", sql, ")")))
		}
		if p.refused != "" {
			guards = append(guards, "WHEN "+fill.Replace(p.refused)+" THEN '"+p.code+"'")
		}
		before += len(p.kind)
	}
	var sql strings.Builder
	if len(with) > 0 {
		sql.WriteString("WITH " + strings.Join(with, ",\n") + "\n")
	}
	sql.WriteString("SELECT")
	if len(guards) > 0 {
		sql.WriteString(" refuse(CASE " + strings.Join(guards, "\n") + " END)")
	}
	statementsKnown.Store(which, sql.String())
	return sql.String()
}
