# make bench-daemon: `gatebook run` over ten thousand scripted devices, as tables.
.PHONY: bench-daemon
bench-daemon: build/bench/ssh_bare build/gatebook build/snmpdev build/sshdev ## the daemon over 10,000 devices, BENCH_RUN seconds
	@/usr/bin/python3 tests/bench/daemon.py

build/bench/ssh_bare: build/obj/tests/bench/ssh_bare.o
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(HARD) -pie -o $@ $^ $(shell pkg-config --libs libssh)
