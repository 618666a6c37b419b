# make bench-adaptive: adaptive intervals against fixed ones at the same number of polls, as a table.
.PHONY: bench-adaptive
bench-adaptive: build/bench/adaptive ## recall of adaptive intervals against fixed ones, simulated
	@build/bench/adaptive

build/bench/adaptive: build/obj/tests/bench/adaptive.o $(needs_poller:%=build/%.a)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(HARD) -pie -o $@ $^ $(LINK)
