# make bench-snmp: SNMP beside pysnmp, bare net-snmp, and thousands of agents, as tables.
SNMP_OBJECTS := $(patsubst %.c,build/obj/%.o,$(sort $(wildcard tests/bench/snmp*.c)))

.PHONY: bench-snmp
bench-snmp: build/bench/snmp build/gatebook build/snmpdev ## walks beside net-snmp and pysnmp; thousands of agents
	@/usr/bin/python3 tests/bench/snmp.py

build/bench/snmp: $(SNMP_OBJECTS) $(needs_transports:%=build/%.a)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(HARD) -pie -o $@ $^ $(LINK)
