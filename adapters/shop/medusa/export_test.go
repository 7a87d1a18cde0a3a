package medusa

import (
	"encoding/json"

	"nevermind/adapters/shop/connector"
)

// Fields are those that an order is asked for with.
const Fields = fields

// Read reads orders as Medusa writes them.
func Read(text []byte) (all []connector.Order, err error) {
	var data struct{ Orders []order }
	err = json.Unmarshal(text, &data)
	for n := range data.Orders {
		all = append(all, data.Orders[n].read())
	}
	return all, err
}
