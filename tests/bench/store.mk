# make bench-store: the store beside plain SQLite and nfdump, as a table.
STORE_OBJECTS := $(patsubst %.c,build/obj/%.o,$(sort $(wildcard tests/bench/store*.c)))

.PHONY: bench-store
bench-store: build/bench/store build/gatebook ## the store beside plain SQLite, and one question beside nfdump
	@tests/bench/store.sh

build/bench/store: $(STORE_OBJECTS) $(needs_store:%=build/%.a)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(HARD) -pie -o $@ $^ $(LINK)
