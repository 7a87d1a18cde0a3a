# Everything here is a short way to say a go command; nothing needs make.

.PHONY: run build test race lint try audit bench compare drills planted fuzz vendure medusa inspector browser film dashboard docs drawings reading english languages release-snapshot soak

TOOLS = $(shell go env GOCACHE)/nevermind-tools

run: ## the demo on http://127.0.0.1:8080
	@echo "Compiling; the first time that takes one to three minutes."
	@go run ./cmd/nevermind demo

build: ## one static binary in bin/
	CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o bin/nevermind ./cmd/nevermind

test:
	go test ./...

race:
	go test -race ./...

lint: ## golangci-lint as .ci/run installs it
	golangci-lint run

try: ## types docs/install.md on a bare Debian and runs the image's root; root on Debian
	bash deploy/try

audit: ## known vulnerabilities, licences and the bill of materials, into bin/
	bash .ci/audit bin

release-snapshot: ## what a release would hold, into dist/: five platforms, checksums, licences, bills of materials; four minutes
	@"$(TOOLS)/goreleaser" --version 2>/dev/null | grep -qF 2.16.0 || \
		GOBIN="$(TOOLS)" GOFLAGS= go install github.com/goreleaser/goreleaser/v2@v2.16.0
	PATH="$(TOOLS):$$PATH" goreleaser check
	PATH="$(TOOLS):$$PATH" goreleaser release --snapshot --clean

bench: ## the tables of docs/performance.md
	go test -run '^$$' -bench . -benchmem ./...

compare: ## nevermind serve beside bots on grammY, Telegraf with Redis, and bbolt alone, the same dialogue: ten minutes; needs npm and redis-server
	npm ci --no-audit --no-fund --prefix cmd/nevermind/drills/testdata/grammy
	npm ci --no-audit --no-fund --prefix cmd/nevermind/drills/testdata/telegraf
	NEVERMIND_COMPARE=4s go test -count=1 -v -timeout 30m -run 'TestCompare$$' ./cmd/nevermind/drills

drills: ## killed at random, storms, every crash point, random stories, memory and readiness over a million cases: half an hour, 3 GB of disk
	NEVERMIND_DRILLS=1 go test -count=1 -v -timeout 60m ./cmd/nevermind/drills
	NEVERMIND_DRILLS=1 NEVERMIND_VENDURE=1 go test -count=1 -v -timeout 60m ./adapters/shop/vendure
	NEVERMIND_DRILLS=1 go test -count=1 -v -timeout 60m -run 'Drill|FlippedBits' ./store/...
	NEVERMIND_POWER_CUTS=20000 go test -count=1 -v -timeout 60m -run 'TestPowerCut$$' ./store/bolt
	NEVERMIND_DRILLS=1 go test -count=1 -v -timeout 60m -run 'Drill|Crash|Explore|Simulated|SameSeed|Foreseen|PropertiesHold|ReportSums|TestLaboratory' ./bot/... ./flows ./cmd/nevermind

soak: ## an hour of people at a steady pace, with a table of memory, goroutines, open files and the file; NEVERMIND_SOAK=10m NEVERMIND_SOAK_RATE=50
	NEVERMIND_SOAK=$${NEVERMIND_SOAK:-1h} CI=true go test -count=1 -v -timeout 30h -run 'TestSoak$$' ./cmd/nevermind/drills

planted: ## bugs planted one at a time in a copy: which of them the tests find; an hour
	bash .ci/plant

fuzz: ## every fuzz target a million times; hours
	bash .ci/fuzz

vendure: ## a real Vendure with Nevermind beside it, to play with; needs node 20 and npm
	bash adapters/shop/vendure/testserver/play.sh

medusa: ## the connector's suite against a real Medusa on a PostgreSQL of its own, five minutes; needs node 20, npm and PostgreSQL
	npm ci --no-audit --no-fund --prefix adapters/shop/medusa/testserver
	NEVERMIND_MEDUSA=1 go test -count=1 -v -timeout 30m ./adapters/shop/medusa

inspector: ## plays a cancellation with the MCP Inspector from npm; needs node 20 and npm
	npm ci --no-audit --no-fund --prefix cmd/nevermind/testdata/inspector
	NEVERMIND_INSPECTOR=$(CURDIR)/cmd/nevermind/testdata/inspector/node_modules/@modelcontextprotocol/inspector-cli/build/cli.js \
		go test -count=1 -v -run TestAssistantInspector ./cmd/nevermind

browser: ## walks the demo page in headless Chromium, and takes the README's picture
	NEVERMIND_BROWSER=1 go test -count=1 -v -run Browser ./...

film: ## docs/demo.gif, the first minute of the demo in headless Chromium
	NEVERMIND_BROWSER=1 go test -count=1 -v -run TestBrowserFilm ./cmd/nevermind -update

dashboard: ## docs/dashboard.md and its picture; needs prometheus (Debian has it) and Chromium
	NEVERMIND_BROWSER=1 go test -count=1 -v -run 'TestDashboard$$|TestBrowserDashboard$$' ./cmd/nevermind -update

drawings: ## the demo page's diagrams from the flows; needs Graphviz (Debian: apt-get install graphviz)
	go generate ./flows/drawing

english: ## flows/words/english.txt, the list of every English text, from the source
	go test ./cmd/nevermind -run 'TestEnglish$$' -update-english

languages: ## plays every transcript in every language: four minutes
	go test ./flows -run 'TestLanguages$$' -languages -timeout 20m

docs: ## flows/README.md from the flows
	go test -count=1 -run TestFlowsReadme ./cmd/nevermind -update
	go run ./cmd/nevermind check

reading: ## how easily buyers read what they are told, and what nobody should read
	go test -count=1 -v -run 'Reading|Never' ./flows/reading
