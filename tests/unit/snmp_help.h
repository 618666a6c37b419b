/* A real snmpd on a port of its own, for tests that read it, stop it and start it again. */
#ifndef GATEBOOK_TESTS_SNMP_HELP_H
#define GATEBOOK_TESTS_SNMP_HELP_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "transports/snmp.h"

#define UNUSED __attribute__((unused))

static const char help_snmpd[] = "/usr/sbin/snmpd";

/* exactEngineID: whoever knows it can set its clock wrong. */
static const char
    help_conf[] = "agentAddress udp:127.0.0.1:%u\n"
		  "exactEngineID 0x80001f8804676174656261\n"
		  "rocommunity gatebook-ro 127.0.0.1\n"
		  "createUser sha256 SHA-256 \"auth-password\" AES \"priv-password\"\n"
		  "createUser sha256x SHA-256 \"auth-password\" AES-256 \"priv-password\"\n"
		  "createUser sha1 SHA \"auth-password\" AES \"priv-password\"\n"
		  "createUser md5des MD5 \"auth-password\" DES \"priv-password\"\n"
		  "createUser sha512 SHA-512 \"auth-password\"\n"
		  "createUser nobody\n"
		  "rouser sha256 priv\nrouser sha256x priv\nrouser sha1 priv\nrouser md5des priv\n"
		  "rouser sha512 auth\nrouser nobody noauth\n";

struct help_agent {
	char folder[64];
	uint16_t port;
	pid_t pid; /* 0: there is no snmpd on this machine */
};

/* A port of 127.0.0.1 that nobody has. */
static UNUSED uint16_t
help_bind(int type, int *fd)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t n = sizeof(a);

	*fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(*fd, (struct sockaddr *)&a, n), 0);
	assert_int_equal(getsockname(*fd, (struct sockaddr *)&a, &n), 0);
	return ntohs(a.sin_port);
}

static UNUSED void
help_agent_run(struct help_agent *agent)
{
	char path[128], log[128];
	FILE *file;

	snprintf(path, sizeof(path), "%s/snmpd.conf", agent->folder);
	snprintf(log, sizeof(log), "%s/log", agent->folder);
	file = fopen(path, "we");
	assert_non_null(file);
	fprintf(file, help_conf, agent->port);
	fclose(file);
	agent->pid = fork();
	if (agent->pid == 0) {
		setenv("SNMP_PERSISTENT_DIR", agent->folder, 1);
		setenv("MIBS", "", 1);
		execl(help_snmpd, help_snmpd, "-f", "-C", "-c", path, "-Lf", log, "-I", "-smux",
		    NULL);
		_exit(127);
	}
}

static UNUSED void
help_agent_kill(struct help_agent *agent)
{
	kill(agent->pid, SIGTERM);
	waitpid(agent->pid, NULL, 0);
}

/* False: no snmpd here. */
static UNUSED bool
help_agent_start(struct help_agent *agent)
{
	int fd;

	if (access(help_snmpd, X_OK) < 0)
		return false;
	snprintf(agent->folder, sizeof(agent->folder), "/tmp/gatebook-snmp-XXXXXX");
	assert_non_null(mkdtemp(agent->folder));
	agent->port = help_bind(SOCK_DGRAM, &fd);
	close(fd);
	help_agent_run(agent);
	return true;
}

static UNUSED void
help_agent_stop(struct help_agent *agent)
{
	pid_t rm;

	if (agent->pid == 0)
		return;
	help_agent_kill(agent);
	rm = fork();
	if (rm == 0) {
		execlp("rm", "rm", "-rf", agent->folder, NULL);
		_exit(127);
	}
	waitpid(rm, NULL, 0);
}

static UNUSED struct snmp_login
help_login(uint16_t port, const char *user, const char *auth, const char *priv)
{
	return (struct snmp_login){ .host = "127.0.0.1",
		.port = port,
		.version = user ? SNMP_V3 : SNMP_V2C,
		.community = "gatebook-ro",
		.user = user,
		.auth = auth,
		.auth_password = "auth-password",
		.priv = priv,
		.priv_password = "priv-password",
		.timeout_ms = 300,
		.tries = 10 };
}

#endif
