GO ?= go

.PHONY: run test setup lint unit models bench crash judge-paho build clean

run: build            ## run the shipped scenarios; ends with the path of the report
	bin/twinrig run --report report features

test: setup lint unit ## everything CI checks

build:
	$(GO) build -o bin/twinrig ./cmd/twinrig

setup:                ## what the tests need besides Go: installed where apt and npm can, named where not
	sh tools/setup.sh

lint:
	@unformatted=$$(gofmt -l $$(git ls-files '*.go')); test -z "$$unformatted" || { echo "not gofmt-ed: $$unformatted"; exit 1; }
	$(GO) vet ./...
	$(GO) tool staticcheck ./...

unit:
	$(GO) test -timeout 15m ./...

models:               ## write docs/models.md from the tests of the plants; PKG=reactor does one
	$(GO) test -json ./twinmodel/$(or $(PKG),...) | $(GO) run ./tools/models

bench:                ## benchmarks; compare two runs with benchstat. Against CVODE where libsundials-dev is installed
	$(GO) test -run '^$$' -bench . -benchmem ./...

KILLS ?= 200
crash:                ## kill hubs under load, KILLS times; the tests do it three times
	$(GO) test ./e2e -run KilledHub -kills $(KILLS) -timeout 2h -v

judge-paho: build     ## the broker profile against a checkout of eclipse/paho.mqtt.testing: make judge-paho DIR=…
	sh tools/judge/paho.sh bin/twinrig "$(DIR)"

clean:
	rm -rf bin report e2e/node_modules
