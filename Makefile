# Gatebook. `make help` prints what each target does.

VERSION := 0.1.0
CC      ?= gcc
PREFIX  ?= /usr/local
DESTDIR ?=
T       ?= 60
BUILD   ?= build
COMMIT  := $(shell git rev-parse --short=12 HEAD 2>/dev/null || echo unknown)

# Rooms in the order of their floors: an #include goes down or stays (tools/layers).
ROOMS := base drivers mibs inventories transports store ledger query audit poller cli
LIBS  := libssh netsnmp libxml-2.0 sqlite3 yaml-0.1 jansson smartcols libseccomp libcrypto

# What a room, and so its tests, may be linked with.
needs_base        := base
needs_drivers     := drivers base
needs_mibs        := mibs base
needs_inventories := inventories drivers base
needs_transports  := transports mibs drivers base
needs_store       := store base
needs_ledger      := ledger store base
needs_query       := query ledger store base
needs_audit       := audit ledger store inventories drivers base
needs_poller      := poller ledger store transports inventories mibs drivers base
needs_cli         := cli query audit poller ledger store transports inventories mibs drivers base

WARN := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition \
	-Wvla -Wundef -Wpointer-arith -Wwrite-strings -Wformat=2 -Wno-missing-field-initializers -Werror
STD  := -std=c17 -D_GNU_SOURCE -I. -I$(BUILD)/gen -include base/banned.h -DGATEBOOK_VERSION='"$(VERSION)"'
PKG   = $(shell pkg-config --cflags $(LIBS))
LINK  = $(shell pkg-config --libs $(LIBS)) -lm
HARD := -fstack-protector-strong -D_FORTIFY_SOURCE=2 -fPIE -ffile-prefix-map=$(CURDIR)=.
SAN  := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
CFLAGS ?= -O2 -g

# Two builds from the same sources: build/ is what ships, build/san/ is what the tests run.
SRC     := $(foreach r,$(ROOMS),$(sort $(wildcard $(r)/*.c)))
UNIT    := $(sort $(wildcard tests/unit/*.c))
UNITS   := $(UNIT:tests/unit/%.c=$(BUILD)/san/unit/%)
DEVICES := $(patsubst tests/devices/%.c,$(BUILD)/%,$(sort $(wildcard tests/devices/*.c)))

.PHONY: all deps demo check lab bench fuzz lint format install clean help
.DEFAULT_GOAL := all
.SECONDARY:

all: $(BUILD)/gatebook $(BUILD)/gatebook-sqlite.so ## the program, and its functions for the sqlite3 shell

deps: ## install the Debian 12 packages the build needs (prints the list elsewhere)
	@tools/deps build

# --- objects and archives ---------------------------------------------------------------------
$(BUILD)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(STD) $(WARN) $(CFLAGS) $(HARD) $(PKG) -MMD -MP -c $< -o $@

$(BUILD)/san/obj/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(STD) $(WARN) -O1 -g $(SAN) $(PKG) -MMD -MP -c $< -o $@

# Only the version command knows the commit; a change of it rebuilds nothing else.
$(BUILD)/obj/cli/version.o $(BUILD)/san/obj/cli/version.o: STD += -DGATEBOOK_COMMIT='"$(COMMIT)"'

define room
$(BUILD)/$(1).a: $$(patsubst %.c,$(BUILD)/obj/%.o,$$(sort $$(wildcard $(1)/*.c)))
$(BUILD)/san/$(1).a: $$(patsubst %.c,$(BUILD)/san/obj/%.o,$$(sort $$(wildcard $(1)/*.c)))
endef
$(foreach r,$(ROOMS),$(eval $(call room,$(r))))

$(BUILD)/%.a:
	@rm -f $@
	ar rcs $@ $^

$(BUILD)/gatebook: $(ROOMS:%=$(BUILD)/%.a)
	$(CC) $(CFLAGS) $(HARD) -pie -Wl,-z,relro,-z,now -o $@ $(needs_cli:%=$(BUILD)/%.a) $(LINK)

$(BUILD)/san/gatebook: $(ROOMS:%=$(BUILD)/san/%.a)
	$(CC) -g $(SAN) -o $@ $(needs_cli:%=$(BUILD)/san/%.a) $(LINK)

# tests/unit/ROOM_module.c is linked with what ROOM may use, and nothing above it.
.SECONDEXPANSION:
$(BUILD)/san/unit/%: $(BUILD)/san/obj/tests/unit/%.o \
		$$(foreach r,$$(needs_$$(firstword $$(subst _, ,$$*))),$(BUILD)/san/$$r.a)
	@mkdir -p $(@D)
	$(CC) -g $(SAN) -o $@ $^ $(LINK) -lcmocka $(if $(filter %_pcap,$*),-lpcap)

-include $(shell find $(BUILD) -name '*.d' -type f 2>/dev/null)

# --- rules that a room keeps beside its sources ------------------------------------------------
-include query/rules.mk store/rules.mk tests/devices/rules.mk tests/fuzz/rules.mk
-include $(wildcard tests/bench/*.mk)

# --- what people type --------------------------------------------------------------------------
demo: deps ## poll scripted routers and a real firewall on this machine, then ask who talked outside
	@$(MAKE) -s all $(BUILD)/sshdev
	@rm -rf $(BUILD)/demo
	@$(BUILD)/gatebook demo $(BUILD)/demo

check: ## all tests, sanitizers on: unit, corpus, end to end, lab
	@tools/deps check
	@$(MAKE) -s $(BUILD)/san/gatebook $(BUILD)/gatebook $(BUILD)/gatebook-sqlite.so $(UNITS) $(DEVICES)
	@tools/check

lab: ## the tests against a real firewall, sshd, conntrack, snmpd and lldpd in network namespaces
	@tools/deps check
	@$(MAKE) -s $(BUILD)/gatebook $(DEVICES)
	@tools/tap --timeout 300 $(TAPFLAGS) tests/lab/run

bench: ## speed and size, each a ratio against a baseline of the same run; writes doc/BENCH.md
	@tools/deps bench
	@$(MAKE) -s all $(DEVICES) $(BUILD)/bench/parse $(BUILD)/bench/drivers $(BUILD)/bench/store $(BUILD)/bench/ledger \
		$(BUILD)/bench/snmp $(BUILD)/bench/ssh_bare $(BUILD)/bench/adaptive
	@tests/bench/run

lint: ## format, floors, banned functions, sizes, read-only verbs; gcc and clang, warnings as errors
	@tools/deps check
	@tools/lint

format: ## clang-format on every source
	@clang-format-14 -i $$(git ls-files '*.c' '*.h')

install: all ## under $(PREFIX), with DESTDIR
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/lib/gatebook \
		$(DESTDIR)$(PREFIX)/share/man/man1 $(DESTDIR)$(PREFIX)/share/man/man5 \
		$(DESTDIR)$(PREFIX)/share/man/man7 \
		$(DESTDIR)$(PREFIX)/share/doc/gatebook/example/inventory.d \
		$(DESTDIR)$(PREFIX)/share/bash-completion/completions
	install -m 755 $(BUILD)/gatebook $(DESTDIR)$(PREFIX)/bin/gatebook
	install -m 644 $(BUILD)/gatebook-sqlite.so $(DESTDIR)$(PREFIX)/lib/gatebook/
	install -m 644 doc/*.1 $(DESTDIR)$(PREFIX)/share/man/man1/
	install -m 644 doc/*.5 $(DESTDIR)$(PREFIX)/share/man/man5/
	install -m 644 doc/*.7 $(DESTDIR)$(PREFIX)/share/man/man7/
	install -m 644 etc/example/gatebook.yml $(DESTDIR)$(PREFIX)/share/doc/gatebook/example/
	install -m 644 etc/example/inventory.d/*.yml \
		$(DESTDIR)$(PREFIX)/share/doc/gatebook/example/inventory.d/
	$(BUILD)/gatebook completion bash > $(DESTDIR)$(PREFIX)/share/bash-completion/completions/gatebook

clean: ## remove what was built
	rm -rf build

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
