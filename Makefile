# "make" alone lists the targets. A machine needs Go, Node and make, no more;
# tests that need PostgreSQL or Chromium are skipped where these are missing,
# unless TANDEM_REQUIRE_ALL=1.

export CGO_ENABLED = 0

# For programs and tests alike: otherwise all is compiled once for each.
export GOFLAGS += -trimpath

# Packages tested at once: one more than there are cores, as much of what tests do is wait.
AT_ONCE := $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)

# The packages whose tests take longest begin first, so that none of them is left at the end alone.
LONG := ./e2e ./internal/api ./internal/app ./internal/store

# What the console is built from. Its tests, its types and what Node brought along are not.
WEB := $(shell find web \( -name node_modules -o -name dist -o -name e2e -o -name gen -o -name '*.test.ts*' \) -prune \
	-o -type f -not -name '*.go' -print 2>/dev/null)
NPM := npm --prefix web
GEN := npm --prefix web/gen
LIBRARY := internal/script/sandbox/library

.DEFAULT_GOAL := help
.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: demo
demo: build ## See an integration run, from nothing (ARGS=--once ends after the run)
	@bin/tandem demo $(ARGS)

.PHONY: build
build: web ## Build bin/tandem, and the sample applications for the demo
	go build -o bin/ ./cmd/tandem ./examples/crm ./examples/mailing

.PHONY: release
release: web ## Build bin/tandem as build does, faster by a tenth and more by what "make profile" saw; it takes minutes
	go build -pgo=cmd/tandem/release.pgo -o bin/ ./cmd/tandem

.PHONY: web
web: web/dist/index.html ## Build the console, if its sources have changed

web/dist/index.html: web/node_modules/.package-lock.json $(WEB)
	$(NPM) run build
	@touch $@ web/dist/.gitkeep

web/node_modules/.package-lock.json: web/package.json web/package-lock.json
	$(NPM) ci
	@touch $@

.PHONY: gen
gen: web/gen/node_modules/.package-lock.json $(LIBRARY)/node_modules/.package-lock.json ## Make anew what is made of other files
	go test ./internal/api -run TestConsoleKnowsTheDocument -update
	go test ./internal/merge -run TestConsoleKnowsTheFunctions -update
	$(GEN) run gen
	npm --prefix $(LIBRARY) run gen

$(LIBRARY)/node_modules/.package-lock.json: $(LIBRARY)/package.json $(LIBRARY)/package-lock.json
	npm --prefix $(LIBRARY) ci
	@touch $@

web/gen/node_modules/.package-lock.json: web/gen/package.json web/gen/package-lock.json
	$(GEN) ci
	@touch $@

.PHONY: test
test: build ## Run all tests: the console's, those in a browser, and Go's
	$(NPM) run test
	$(NPM) run e2e
	go build -o bin/ ./internal/pgtest/cmd/pgrun
	bin/pgrun go test -p $(AT_ONCE) -timeout 25m $(LONG) ./...

# The tests that faults come over. "make test" runs them too, for a minute or two.
FAULTS := 'Kill|Torture|StalledNode|PowerCuts|DiskFull|DisksThatFail|NoFileDescriptors|DatabaseLocked'

.PHONY: torture
torture: ## Try for an hour to lose something: kill -9, power cuts, partitions, full disks (SEED= repeats a run)
	go build -o bin/ ./internal/pgtest/cmd/pgrun
	TANDEM_TORTURE=long TANDEM_SEED=$(SEED) bin/pgrun go test -timeout 6h -v -run $(FAULTS) ./internal/engine/local ./internal/trigger ./e2e

.PHONY: mutants
mutants: ## Seed faults, each of which must turn its tests red (ARGS=part of a name)
	go build -o bin/ ./internal/mutant/cmd/mutants ./internal/pgtest/cmd/pgrun
	@bin/mutants $(ARGS)
	@bin/pgrun bin/mutants -postgres $(ARGS)

.PHONY: check
check: vet lint ## Check everything that a machine can: vet and lint

.PHONY: vet
vet: web web/gen/node_modules/.package-lock.json $(LIBRARY)/node_modules/.package-lock.json ## Check format, go vet, the console's lint and types
	@unformatted=$$(find . -name node_modules -prune -o -name '*.go' -exec gofmt -l {} +); \
		test -z "$$unformatted" || { echo "gofmt these:"; echo "$$unformatted"; exit 1; }
	go vet ./...
	$(NPM) run lint
	$(NPM) run typecheck
	$(GEN) run check
	npm --prefix $(LIBRARY) run check

.PHONY: lint
lint: ## Run golangci-lint, which takes minutes to build the first time
	go tool -modfile=tools/go.mod golangci-lint run ./...

.PHONY: bench
bench: build release ## Measure speed beside bare servers on this machine (ARGS=-h for choices)
	go build -o bin/ ./bench/cmd/bench
	@bin/bench $(ARGS)

# The works that releases are made fast for, as they are.
.PHONY: profile
profile: build ## Make anew what "make release" goes by, after large changes of the engine
	rm -rf .cache/profile
	go build -o bin/ ./bench/cmd/bench
	TANDEM_CPU_PROFILE=.cache/profile bin/bench -only tandem,"1 node" -rep 1 -accounts 0 -steps 0 -waiting 0 -phase 0 -out ""
	go tool pprof -proto .cache/profile/*.pprof > cmd/tandem/release.pgo

.PHONY: clean
clean: ## Remove what the other targets have made
	rm -rf bin .demo web/node_modules web/gen/node_modules $(LIBRARY)/node_modules
	find web/dist -mindepth 1 -not -name .gitkeep -delete
