# make fuzz T=60: every tests/fuzz/fuzz_*.c runs for T seconds under clang's sanitizers. What it found
# stays in build/fuzz/corpus; what broke it, in build/fuzz/crashes.
# A target is linked with the rooms its first word after fuzz_ stands for (fuzz_needs_*), else drivers.
FUZZ_CC     ?= clang
FUZZ_FLAGS  := -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer
FUZZ        := $(sort $(wildcard tests/fuzz/fuzz_*.c))
FUZZERS     := $(FUZZ:tests/fuzz/%.c=build/fuzz/%)
FUZZ_LENGTH ?= 16384

fuzz_needs_dialogue := $(needs_transports)
fuzz_needs_config := $(needs_inventories)
fuzz_needs_filter := $(needs_query)
fuzz_needs_import := $(needs_inventories)
fuzz_needs_manifest := $(needs_store)
fuzz_needs_range := $(needs_query)
fuzz_needs_target := $(needs_query)
fuzz_needs_unpack := $(needs_store)
fuzz_needs_walk := $(needs_mibs)
fuzz_needs_audit := $(needs_audit)

fuzz_needs = $(or $(fuzz_needs_$(firstword $(subst _, ,$(1:fuzz_%=%)))),$(needs_drivers))

# The run-% targets are not named here: make looks for no pattern rule of a phony target.
.PHONY: fuzz

# clang does not know every warning of gcc; gcc has already judged these sources.
build/fuzz/obj/%.o: %.c
	@mkdir -p $(@D)
	$(FUZZ_CC) $(STD) $(FUZZ_FLAGS) $(PKG) -MMD -MP -c $< -o $@

# Not within the rule: make would put the target's name in place of each % there.
fuzz_objects = $(foreach r,$(call fuzz_needs,$(1)),$(patsubst %.c,build/fuzz/obj/%.o,$(sort $(wildcard $(r)/*.c))))

build/fuzz/fuzz_%: build/fuzz/obj/tests/fuzz/fuzz_%.o $$(call fuzz_objects,fuzz_$$*)
	$(FUZZ_CC) -g -fsanitize=fuzzer,address,undefined -o $@ $^ $(LINK)

run-fuzz_%: build/fuzz/fuzz_%
	@mkdir -p build/fuzz/corpus/fuzz_$* build/fuzz/crashes
	@tests/fuzz/seeds fuzz_$* build/fuzz/seeds/fuzz_$*
	@echo "fuzz_$*: $(T) s"
	@build/fuzz/fuzz_$* -max_total_time=$(T) -max_len=$(FUZZ_LENGTH) -timeout=10 -rss_limit_mb=2048 \
		-verbosity=0 -print_final_stats=1 -artifact_prefix=build/fuzz/crashes/fuzz_$*- \
		build/fuzz/corpus/fuzz_$* build/fuzz/seeds/fuzz_$*

fuzz: $(FUZZERS) ## every fuzz target for T seconds (default 60)
	@for f in $(FUZZERS:build/fuzz/%=%); do $(MAKE) --no-print-directory run-$$f || exit 1; done
