PYTHON := .venv/bin/python
# Runs a command whose demo clouds, blogs and GitHubs begin at once.
NURSERY := PYTHONPATH=Tests/Cloud $(PYTHON) -m peer.nursery
# A thousand tests at once would make each other late.
FEW_AT_ONCE := SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=48

.PHONY: help setup run test golden test-long test-pages screenshots test-sanitize faults fuzz simulate replica-drill scan lint bench \
  deb image sbom prove clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s  %s\n", $$1, $$2 }' Makefile

setup: ## install what building and running need
	docker/setup

run: setup ## run the demo on http://localhost:8080 (PORT=… for another)
	swift build -c release --product caretaker
	exec docker/demo

test: ## build, and run every test
	docker/setup --tests
	swift build --build-tests
	timeout 600 swift test --skip-build --filter HTTPTests
	$(NURSERY) env $(FEW_AT_ONCE) timeout 1800 swift test --skip-build --skip HTTPTests
	$(NURSERY) $(PYTHON) Tests/Faults/run.py --step 29 --seeds 0 --pairs 0
	$(NURSERY) $(PYTHON) -m pytest -n 3 --dist loadfile Tests/Cloud/tests Tests/Pages

test-pages: ## look at every page at both widths, light and dark, in Chromium (20 minutes)
	docker/setup --tests
	swift build
	docker/pages

screenshots: ## walk through the demo and take the pictures of the README anew
	docker/setup --tests
	swift build
	$(PYTHON) docker/screenshots

faults: ## 48 faults of machines, networks and people, a row each (25 minutes, as root; ROWS="13 14")
	docker/setup --faults
	swift build
	$(NURSERY) $(PYTHON) Tests/Faults/run.py --step 3 --seeds 3 --pairs 100 --matrix $(ROWS)

golden: ## write this version's golden database, which every later one has to open
	docker/setup --tests
	swift build
	$(NURSERY) $(PYTHON) Tests/Faults/golden.py

test-long: ## a million sequences through the rules, 10,000 tampered logs, 200 seeds (an hour or more)
	docker/setup --tests
	swift build
	CARETAKER_SEQUENCES=1000000 CARETAKER_STORE_SEQUENCES=20000 timeout 7200 \
	  swift test -c release -Xswiftc -enable-testing --filter ModelTests
	CARETAKER_MUTANTS=10000 timeout 1800 swift test --filter TamperTests
	$(PYTHON) Tests/Faults/run.py --seeds 200 --pairs 1000

test-sanitize: ## the tests of the boxes with the address and the thread sanitizer (half an hour)
	docker/setup --tests
	docker/sanitize

fuzz: ## feed each parser with what libFuzzer makes up (FUZZ_SECONDS=60 each)
	docker/setup
	docker/fuzz

simulate: ## five years of 500 sites in one log, and many portals beside each other (an hour, 10 GB)
	docker/simulate

replica-drill: ## lose the machine's disk and come back from Litestream's copy (a minute)
	docker/setup --tests
	swift build
	python3 -m venv .venv-replica
	.venv-replica/bin/pip install --quiet --requirement docker/replica-requirements.txt
	$(NURSERY) $(PYTHON) docker/replica-drill

scan: ## turn wapiti and sqlmap on the demo (about 20 minutes; PORT=18080)
	docker/setup
	swift build -c release --product caretaker
	docker/scan

lint: ## check the formatting of the Swift sources
	swift format lint --strict -r Sources Tests Benchmarks/Sources Benchmarks/Package.swift Package.swift

bench: ## measure
	docker/bench

deb: ## make the Debian package, in .build-deb
	docker/setup --package
	swift build -c release --product caretaker
	docker/deb

image: ## build the image `caretaker` (needs Docker)
	docker build --file docker/Dockerfile --tag caretaker .

sbom: ## print what the release is made of, as SPDX
	@docker/sbom .build/release/caretaker

prove: ## build image and package in bare Debians, run and remove them, fail over (15 minutes, as root)
	docker/setup --prove
	swift build -c release --product caretaker
	$(PYTHON) docker/prove

clean: ## remove what was built, the demo's data and the Python environment
	rm -rf .build .build-* Benchmarks/.build .demo .venv .venv-pages .venv-prove .venv-replica .venv-scan
