# Gatebook. `make help` prints what each target does.

VERSION := 0.1.0
CC      ?= gcc
PREFIX  ?= /usr/local
DESTDIR ?=
T       ?= 60
COMMIT  := $(shell git rev-parse --short=12 HEAD 2>/dev/null || echo unknown)

# Rooms in the order of their floors: an #include goes down or stays (tools/layers).
ROOMS := base drivers inventories transports store ledger query poller cli
LIBS  := libssh libxml-2.0 sqlite3 yaml-0.1 jansson smartcols libseccomp libcrypto

# What a room, and so its tests, may be linked with.
needs_base        := base
needs_drivers     := drivers base
needs_inventories := inventories drivers base
needs_transports  := transports drivers base
needs_store       := store base
needs_ledger      := ledger store base
needs_query       := query ledger store base
needs_poller      := poller ledger store transports inventories drivers base
needs_cli         := cli query poller ledger store transports inventories drivers base

WARN := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition \
	-Wvla -Wundef -Wpointer-arith -Wwrite-strings -Wformat=2 -Wno-missing-field-initializers -Werror
STD  := -std=c17 -D_GNU_SOURCE -I. -include base/banned.h -DGATEBOOK_VERSION='"$(VERSION)"'
PKG   = $(shell pkg-config --cflags $(LIBS))
LINK  = $(shell pkg-config --libs $(LIBS)) -lm
HARD := -fstack-protector-strong -D_FORTIFY_SOURCE=2 -fPIE -ffile-prefix-map=$(CURDIR)=.
SAN  := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
CFLAGS ?= -O2 -g

# Two builds from the same sources: build/ is what ships, build/san/ is what the tests run.
SRC     := $(foreach r,$(ROOMS),$(sort $(wildcard $(r)/*.c)))
UNIT    := $(sort $(wildcard tests/unit/*.c))
UNITS   := $(UNIT:tests/unit/%.c=build/san/unit/%)
DEVICES := $(patsubst tests/devices/%.c,build/%,$(sort $(wildcard tests/devices/*.c)))

.PHONY: all deps demo check lab bench fuzz lint format install uninstall clean help
.DEFAULT_GOAL := all
.SECONDARY:

all: build/gatebook build/gatebook-sqlite.so ## build/gatebook, and its functions for the sqlite3 shell

deps: ## install the Debian 12 packages the build needs (prints the list elsewhere)
	@tools/deps build

# --- objects and archives ---------------------------------------------------------------------
build/obj/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(STD) $(WARN) $(CFLAGS) $(HARD) $(PKG) -MMD -MP -c $< -o $@

build/san/obj/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(STD) $(WARN) -O1 -g $(SAN) $(PKG) -MMD -MP -c $< -o $@

define room
build/$(1).a: $$(patsubst %.c,build/obj/%.o,$$(sort $$(wildcard $(1)/*.c)))
build/san/$(1).a: $$(patsubst %.c,build/san/obj/%.o,$$(sort $$(wildcard $(1)/*.c)))
endef
$(foreach r,$(ROOMS),$(eval $(call room,$(r))))

build/%.a:
	@rm -f $@
	ar rcs $@ $^

build/gatebook: $(ROOMS:%=build/%.a)
	$(CC) $(CFLAGS) $(HARD) -pie -Wl,-z,relro,-z,now -o $@ $(needs_cli:%=build/%.a) $(LINK)

build/san/gatebook: $(ROOMS:%=build/san/%.a)
	$(CC) -g $(SAN) -o $@ $(needs_cli:%=build/san/%.a) $(LINK)

# tests/unit/ROOM_module.c is linked with what ROOM may use, and nothing above it.
.SECONDEXPANSION:
build/san/unit/%: build/san/obj/tests/unit/%.o \
		$$(foreach r,$$(needs_$$(firstword $$(subst _, ,$$*))),build/san/$$r.a)
	@mkdir -p $(@D)
	$(CC) -g $(SAN) -o $@ $^ $(LINK) -lcmocka

-include $(shell find build -name '*.d' 2>/dev/null)
