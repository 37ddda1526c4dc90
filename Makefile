# Two commands: `make run` opens the till in training mode, `make test` runs everything CI runs.
# Both install what is missing first; nothing else has to be remembered. `make help` lists the rest.

MAKEFLAGS += --no-builtin-rules
.NOTPARALLEL:
.DEFAULT_GOAL := help

TOOLS := scripts/with-tools
CARGO := $(TOOLS) cargo
BUILT := $(or $(CARGO_TARGET_DIR),target)
NPM := $(TOOLS) npm --prefix ui
# A display of its own: journeys look and act the same on a desktop, on a server, and under CI.
DISPLAY_OF_OUR_OWN := xvfb-run -a -s "-screen 0 1280x1024x24 -nolisten tcp"

UI_SOURCES := $(shell find ui/src ui/public ui/*.html ui/*.ts ui/*.js ui/package-lock.json -type f 2>/dev/null)

.PHONY: help run test build release fmt lint bindings icons voice audit hostile proof sim windows prove-pairs prove-lives prove-calm
.PHONY: packages-run packages-test packages-lint packages-windows ui-packages ui
.PHONY: check-format check-screen test-screen check-rust build-tests test-rust test-proof test-journeys test-planted
.PHONY: prove-disk prove-bytes prove-kills prove-hostile prove-screen prove-planted

help: ## this list
	@sed -n 's/^\([a-z-]*\):[^#]*## /  make \1|/p' Makefile | column -t -s '|'

run: packages-run build ## install what is missing, build, open the till in training mode
	$(BUILT)/debug/wicket --training

test: ## install what is missing and run everything CI runs
	@MAKE='$(MAKE)' scripts/steps packages-test check-format ui-packages check-screen ui \
		check-rust build-tests test-rust+test-proof+test-screen test-planted test-journeys

proof: ## the long form of what `make test` proves a share of (docs/proof.md)
	@MAKE='$(MAKE)' scripts/steps packages-test ui-packages ui build-tests \
		prove-pairs prove-lives prove-calm prove-disk prove-bytes prove-kills prove-hostile prove-screen prove-planted

hostile: packages-test ## hostile inputs, N cases of each: make hostile N=1000000
	@MAKE='$(MAKE)' scripts/steps prove-hostile

audit: packages-run ## known holes and licences of all crates and packages; what cannot be asked is "not checked"
	@$(TOOLS) scripts/audit

windows: packages-windows ui ## build for Windows here, and run under Wine what needs no web engine there
	@$(TOOLS) scripts/windows

sim: packages-test ## random lives of a till: `make sim SEED=4711` replays one, `make sim HOURS=8` lives for hours
	$(SIM) $(if $(SEED),seed $(SEED),hours $(or $(HOURS),1))

build: packages-run ui ## wicket and wicketctl, debug, with the screen inside
	$(CARGO) build --locked --package wicket --package wicketctl --bins

release: packages-run ui ## wicket and wicketctl, optimised, with the screen inside
	$(CARGO) build --locked --release --package wicket --package wicketctl --bins

fmt: packages-lint ## format the Rust sources
	$(CARGO) fmt --all

bindings: packages-run ui ## make ui/src/generated again from the commands and types
	WICKET_BINDINGS=write $(CARGO) test --locked --workspace --lib the_bindings_in_the_ui

icons: ## draw icons/ again from icons/wicket.svg
	$(TOOLS) npx --yes @tauri-apps/cli@2.12.5 icon icons/wicket.svg --output $(BUILT)/icons
	cp $(BUILT)/icons/*x*[0-9x].png $(BUILT)/icons/icon.* icons/

voice: ## speak ui/src/voice/clips.bin again (needs espeak-ng, flite and sox)
	$(TOOLS) node scripts/voice.mjs

lint: packages-lint check-format ui-packages check-screen ui check-rust ## format, types and lints, without tests

# The parts of `make proof`, each also a target of its own; built as the tests are.

SIM := $(CARGO) run --locked --quiet --bin sim --

prove-pairs: # every single fault and every ordered pair of faults, in each kind of journey
	$(SIM) pairs

prove-lives: # 10^6 charges in stormy lives
	$(SIM) random 1000000

prove-calm: # 10^6 charges without a fault, and a real journal of 10^6 charges
	$(SIM) calm 1000000
	$(SIM) journal 1000000

# What is missing, and only that: a warm run asks no network.

packages-run packages-lint packages-test packages-windows:
	@$(TOOLS) scripts/packages $(@:packages-%=%)

ui-packages:
	@$(TOOLS) scripts/ui-packages

# The steps of `make test`, each also a target of its own; the cheap ones first.

check-format:
	$(CARGO) fmt --all --check

check-screen:
	$(NPM) run check

test-screen:
	$(NPM) test

ui: ui/dist/index.html
ui/dist/index.html: $(UI_SOURCES) | ui-packages
	$(NPM) run build

check-rust:
	$(CARGO) clippy --locked --workspace --all-targets -- -D warnings

# One build for all tests and the programs they start. The steps after it choose the same packages,
# or cargo would choose other features and build half of it again.
build-tests:
	$(CARGO) build --locked --workspace --all-targets

# Integration tests whose names begin with `j` are the journeys; they need a display. Those that begin with `p` are, among others,
# the long parts of the proof (`proof`, `points`), which wait more than they work: they run beside the rest.
test-rust:
	$(CARGO) test --locked --workspace --lib --bins --test '[!jp]*'

test-proof:
	$(CARGO) test --locked --workspace --test 'p*'

# Two windows are open at a time however many threads there are; those journeys that only wait give their turn away, and would keep
# a thread from the others.
test-journeys:
	RUST_TEST_THREADS=4 $(TOOLS) $(DISPLAY_OF_OUR_OWN) cargo test --locked --workspace --test 'j*'

# One planted bug, another one each day: `make test-planted PLANTED_DAY=7` takes that of another day.
test-planted:
	$(TOOLS) scripts/planted --one

# The steps of `make proof`. Each number may be given: make prove-disk CUTS=10000000 SEED=7.

prove-disk:
	POWER_CUTS=$(or $(CUTS),1000000) POWER_SEED=$(or $(SEED),1) \
		$(CARGO) test --locked --workspace --test cuts --test control -- --nocapture --test-threads=1

prove-bytes:
	FLIPS=all $(CARGO) test --locked --workspace --test flips -- --nocapture

prove-kills:
	KILLS=all $(CARGO) test --locked --workspace --test points -- --nocapture
	KILLS=all $(TOOLS) $(DISPLAY_OF_OUR_OWN) cargo test --locked --workspace --test 'j*' stops:: -- --nocapture

prove-hostile:
	HOSTILE=$(or $(N),50000) $(CARGO) test --locked --workspace --lib --test hostile hostile
	HOSTILE=$(or $(N),50000) $(TOOLS) $(DISPLAY_OF_OUR_OWN) cargo test --locked --workspace --test 'j*' hostile -- --nocapture

prove-screen: # every state, page and sheet in both languages, from 1024×768 to 4K, from 100 to 200 %
	SCALES=all $(TOOLS) $(DISPLAY_OF_OUR_OWN) cargo test --locked --workspace --test 'j*' scales:: -- --nocapture

prove-planted:
	$(TOOLS) scripts/planted
	$(TOOLS) scripts/planted --sim
