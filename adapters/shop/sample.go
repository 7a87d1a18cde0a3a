package shop

import (
	"bytes"
	_ "embed"
	"encoding/csv"
	"fmt"
	"regexp"
	"strings"
	"time"

	"nevermind/bot"
)

//go:embed sample.csv
var sampleOrders []byte

//go:embed sample_whole.csv
var sampleWholeOrders []byte

//go:embed sample_people.csv
var samplePeople []byte

// Unreachable is the sample's seller who is meant to have no chat.
const Unreachable bot.PersonID = "seller:s-6"

// Sample is a small marketplace for the demo, as if its orders had been placed in the weeks before now: eight buyers, six
// sellers, two agents and some sixty orders. Ana, b-1, comes first and has an order in every stage, and the orders that only
// the whole form can say: several pieces of a line, parcels, payments, a chargeback, a price adjustment. Nobody has a room yet.
// The orders are an import file like any other, except for times such as -5h03m, which count from now.
func Sample(now time.Time) ([]bot.Person, []bot.Order) {
	var orders []bot.Order
	for _, file := range [][]byte{sampleOrders, sampleWholeOrders} {
		// Whole minutes, so that the demo's times read like times of people.
		dated := resolveTimes(file, now.UTC().Truncate(time.Minute))
		_, err := Import(bytes.NewReader(dated), "sample.csv", nil,
			func(o bot.Order) error { o.Normalize(); orders = append(orders, o); return nil },
			func(l Line) {
				if l.Wrong != nil {
					panic(fmt.Sprintf("sample orders, line %d: %v", l.Number, l.Wrong)) // built in, and read by a test
				}
			})
		if err != nil {
			panic("sample orders: " + err.Error())
		}
	}
	return samplePersons(), orders
}

// samplePersons reads the people of the sample, in the order of the file.
func samplePersons() []bot.Person {
	rows, err := csv.NewReader(bytes.NewReader(samplePeople)).ReadAll()
	if err != nil {
		panic("sample people: " + err.Error()) // built in, and read by a test
	}
	var all []bot.Person
	for _, r := range rows[1:] {
		all = append(all, bot.Person{ID: bot.NewPersonID(bot.Party(r[0]), r[1]), Name: r[2], Language: r[3], Zone: r[4]})
	}
	return all
}

// relativeTime is a time of the sample that counts from now: hours and minutes with a sign.
var relativeTime = regexp.MustCompile(`^[+-][0-9]+h[0-9]+m$`)

// resolveTimes replaces each cell such as -5h03m by an instant.
func resolveTimes(file []byte, now time.Time) []byte {
	cells := strings.Split(string(file), ",")
	for n, text := range cells {
		if !relativeTime.MatchString(text) {
			continue
		}
		if span, err := time.ParseDuration(text); err == nil {
			cells[n] = now.Add(span).Format(time.RFC3339)
		}
	}
	return []byte(strings.Join(cells, ","))
}
