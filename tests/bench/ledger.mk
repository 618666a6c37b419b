# make bench-ledger: durable intents, verification, reconciliation, as a table.
.PHONY: bench-ledger
bench-ledger: build/bench/ledger ## the ledger beside an fsync each, bare SHA-256, and counting lines
	@tests/bench/ledger.sh

build/bench/ledger: build/obj/tests/bench/ledger.o $(needs_poller:%=build/%.a) build/audit.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(HARD) -pie -o $@ build/obj/tests/bench/ledger.o build/audit.a $(needs_poller:%=build/%.a) $(LINK)
