package policies

import (
	"fmt"
	"strings"
)

// baseOf finds the built-in pack that a file is laid over; a file that cannot be read is told of later.
func baseOf(file []byte) ([]byte, *Fault) {
	r := &reader{}
	for _, p := range r.pairs(r.parse(file)) {
		if p.name != "base" {
			continue
		}
		name, ok := r.text(p.node, 40)
		base, known := Base(name)
		if !ok || !known {
			r.faults = nil
			r.wrong(p.node, fmt.Sprintf("there is no built-in pack %.40q", name), "write "+strings.Join(Bases(), " or "))
			return nil, &r.faults[0]
		}
		return base, nil
	}
	return builtin, nil
}
