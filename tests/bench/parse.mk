# make bench-parse: the speed of reading replies, as a table.
PARSE_OBJECTS := $(patsubst %.c,build/obj/%.o,$(sort $(wildcard tests/bench/parse*.c)))

.PHONY: bench-parse
bench-parse: build/bench/parse ## how fast replies are read, beside memchr, C by hand, TextFSM and libxml2
	@tests/bench/parse.sh

build/bench/parse: $(PARSE_OBJECTS) $(needs_drivers:%=build/%.a)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(HARD) -pie -o $@ $^ $(LINK)

.PHONY: bench-drivers
bench-drivers: build/bench/drivers build/gatebook ## every driver beside memchr and TextFSM
	@tests/bench/drivers

build/bench/drivers: build/obj/tests/bench/drivers.o build/drivers.a build/base.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(HARD) -pie -o $@ $^ $(LINK)
