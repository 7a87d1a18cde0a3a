package postgres

import (
	"regexp"
	"strconv"
	"strings"

	"nevermind/store/record"
)

// combined are changes that need not see each other's effects, on their way to be one statement: most of what a statement costs
// is that it is one.
type combined struct {
	parts  []string // statements that change something
	guards []string // conditions that refuse the commit, each followed by its code
	args   []any
}

// part adds a statement that changes something; its parameters begin with $1.
func (b *batch) part(sql string, args ...any) {
	b.joined.parts = append(b.joined.parts, b.joined.renumber(sql))
	b.joined.args = append(b.joined.args, args...)
}

// refuseIf refuses the commit with a code where something is so before any part was made; its parameters begin with $1.
func (b *batch) refuseIf(condition, code string, args ...any) {
	b.joined.guards = append(b.joined.guards, b.joined.renumber(condition), code)
	b.joined.args = append(b.joined.args, args...)
}

// mustChange adds a statement that has to change a row, or else the commit is refused as stale.
func (b *batch) mustChange(sql string, args ...any) {
	b.part(sql+` RETURNING 1`, args...)
	b.joined.guards = append(b.joined.guards, `NOT EXISTS (SELECT FROM part`+strconv.Itoa(len(b.joined.parts)-1)+`)`, codeStale)
}

// flush adds what was combined to the batch.
func (b *batch) flush() {
	c := b.joined
	if len(c.parts)+len(c.guards) == 0 {
		return
	}
	b.joined = combined{}
	var sql strings.Builder
	for i, part := range c.parts {
		if i == 0 {
			sql.WriteString("WITH ")
		} else {
			sql.WriteString(",\n")
		}
		sql.WriteString("part" + strconv.Itoa(i) + " AS (" + part + ")")
	}
	sql.WriteString("\nSELECT")
	for i := 0; i < len(c.guards); i += 2 {
		if i == 0 {
			sql.WriteString(" refuse(CASE")
		}
		sql.WriteString("\nWHEN " + c.guards[i] + " THEN '" + c.guards[i+1] + "'")
	}
	if len(c.guards) > 0 {
		sql.WriteString(" END)")
	}
	b.do(sql.String(), c.args...)
}

var parameter = regexp.MustCompile(`\$(\d+)`)

// renumbered are statements with their parameters counted from another number: there are few of both.
var renumbered = record.NewRecent[renumbering, string](1000)

// renumbering is a statement and how many parameters come before its own.
type renumbering struct {
	sql    string
	before int
}

func (c *combined) renumber(sql string) string {
	key := renumbering{sql, len(c.args)}
	if key.before == 0 {
		return sql
	}
	out, known := renumbered.Get(key)
	if !known {
		out = parameter.ReplaceAllStringFunc(sql, func(p string) string {
			n, _ := strconv.Atoi(p[1:]) // it is digits
			return "$" + strconv.Itoa(n+key.before)
		})
		renumbered.Put(key, out)
	}
	return out
}
