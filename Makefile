# Two commands: `make run` opens the till in training mode, `make test` runs everything CI runs.
.PHONY: test
test:
	cargo test --workspace
