# make run and make test are all that is needed; the rest is for those who work on qlgraph.

GO      ?= go
BIN     := bin/qlgraph
FUZZ    ?= 60s
SUITES  := testdata/w3c

.PHONY: web run build test bench fuzz soak suites clean clients

run: build ## build, then start the demonstration
	$(BIN) demo

build:
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags='-s -w' -o $(BIN) ./cmd/qlgraph

test: ## every test; the W3C suites where W3C_TESTS or testdata/w3c has them
	$(GO) vet ./...
	$(GO) test -timeout 10m ./...

bench: ## every benchmark, once; compare runs with benchstat
	$(GO) test -run '^$$' -bench . -benchmem ./...

fuzz: ## each fuzz target for FUZZ (60s)
	FUZZ=$(FUZZ) GO=$(GO) sh scripts/fuzz.sh

soak: ## the long crash, model, differential, edit-script and memory tests: some hours
	$(GO) test -timeout 4h ./graph/store -args -soak
	$(GO) test -timeout 4h -run Differential ./sparql -args -queries 100000
	$(GO) test -timeout 4h ./shapes -args -cases 50000
	$(GO) test -timeout 4h -run IncrementalEqualsFull ./harvesters/pipeline -args -scripts 1000
	$(GO) test -timeout 4h -run Memory ./cmd/qlgraph -args -soak

clients: build ## ask the server with curl, RDFLib, SPARQLWrapper, Comunica, Jena: testdata/clients
	sh testdata/clients/run.sh $(BIN)

suites: ## fetch the pinned W3C test suites (needs a network)
	sh scripts/suites.sh $(SUITES)

clean:
	rm -rf bin

web: ## build the query editor with npm; the next build embeds it
	npm --prefix web/editor ci --no-fund --no-audit
	npm --prefix web/editor run build
