module nevermind

go 1.26

require (
	github.com/looplab/fsm v1.0.3 // indirect
	go.etcd.io/bbolt v1.5.0 // indirect
	golang.org/x/sys v0.45.0 // indirect
)
