// Command trainwords makes the weights of package understand from its phrases.
package main

import (
	"log"
	"os"

	"nevermind/flows/understand"
)

func main() {
	weights, err := understand.Train(os.DirFS("phrases"))
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile("weights.bin", weights, 0o644); err != nil { //nolint:gosec // it is source, for everybody to read
		log.Fatal(err)
	}
}
