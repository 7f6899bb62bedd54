# One command for each thing; continuous integration runs the same ones (.ci/run).
#
#   make demo     set up, build, and run the main job on samples/
#   make test     set up, build, and pass the tests
#   make build    the program, optimised: .build/release/popl-sync
#   make foreign  a remote target against foreign services, 2,000 people and 1,000 schedules of faults; an hour
#   make deb      the Debian package of the optimised program, with Swift inside
#   make check    layout, house rules, warnings
#   make format   let swift-format decide layout
#   make fuzz     libFuzzer on each reader and on what clients send; SECONDS=600 for longer, FUZZ=FuzzCSV for one
#   make bench    the program beside its peers; PEOPLE=100000 for a quick look

PEOPLE ?= 1000000
SECONDS ?= 60

# SwiftPM lets a room import one that it did not declare as long as that happens to be built. Then the picture in
# docs/architecture.md stops being true, so every build here asks.
SWIFT_BUILD = swift build --explicit-target-dependency-import-check error

# At most so many tests at once. Without a limit all are begun together, and their services hold more than 1,300 files open:
# from there on Foundation's Process reads past the end of the list of open files while it starts a program, and crashes.
# And a test that crashes says where, at once: naming each line of every thread took CI eleven minutes.
SWIFT_TEST = SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=16 \
	SWIFT_BACKTRACE=enable=yes,symbolicate=fast,threads=crashed,registers=none,images=none \
	swift test --skip-build
SOURCES = Package.swift Sources Tests Benchmarks

.PHONY: demo build test foreign deb format check fuzz bench setup clean

demo: setup
	$(SWIFT_BUILD) --product popl-sync
	samples/demo

build: setup
	$(SWIFT_BUILD) --configuration release --product popl-sync

# Build and run apart: alternating `swift build` and a building `swift test` compiles things twice. What speaks to services
# elsewhere comes last and alone: it has patience, and two thousand tests on two cores would use it up.
test:
	@.ci/setup conformance
	$(SWIFT_BUILD) --build-tests
	$(SWIFT_TEST) --parallel --skip 'RemoteTests|ForeignTests'
	$(SWIFT_TEST) --parallel --filter 'RemoteTests|ForeignTests.*import'

foreign:
	@.ci/setup conformance
	$(SWIFT_BUILD) --build-tests
	POPL_FOREIGN=whole $(SWIFT_TEST) --filter ForeignTests

deb:
	@.ci/setup deb
	$(SWIFT_BUILD) --configuration release --product popl-sync --static-swift-stdlib
	packaging/deb .build/release/popl-sync

format:
	swift format --in-place --parallel --recursive $(SOURCES)

# Every room is compiled with warnings as errors (Package.swift), so a build that passes has none.
check: setup
	swift format lint --strict --parallel --recursive $(SOURCES)
	.ci/house-rules
	$(SWIFT_BUILD) --build-tests

fuzz: setup
	Benchmarks/Fuzz/run $(SECONDS) $(FUZZ)

bench:
	.ci/setup bench
	python3 Benchmarks/run.py --people $(PEOPLE) $(BENCH)

setup:
	@.ci/setup

clean:
	rm -rf .build
