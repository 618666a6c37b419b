# The scripted devices. tests/devices/X.c is the program, tests/devices/KIND/*.c its parts.

SSHDEV := tests/devices/sshdev.c $(sort $(wildcard tests/devices/ssh/*.c))

$(BUILD)/sshdev: $(SSHDEV:%.c=$(BUILD)/obj/%.o) $(BUILD)/base.a
	$(CC) $(CFLAGS) $(HARD) -pie -o $@ $^ $(shell pkg-config --libs libssh) -lpthread

$(BUILD)/san/sshdev: $(SSHDEV:%.c=$(BUILD)/san/obj/%.o) $(BUILD)/san/base.a
	$(CC) -g $(SAN) -o $@ $^ $(shell pkg-config --libs libssh) -lpthread

SNMPDEV := tests/devices/snmpdev.c $(sort $(wildcard tests/devices/snmp/*.c))

$(BUILD)/snmpdev: $(SNMPDEV:%.c=$(BUILD)/obj/%.o) $(BUILD)/base.a
	$(CC) $(CFLAGS) $(HARD) -pie -o $@ $^ -lcrypto

$(BUILD)/san/snmpdev: $(SNMPDEV:%.c=$(BUILD)/san/obj/%.o) $(BUILD)/san/base.a
	$(CC) -g $(SAN) -o $@ $^ -lcrypto
