/* The ssh transport against OpenSSH's sshd, and with somebody in between who flips bits. */
#include "tests/unit/transports_devices.h"

#include <libssh/libssh.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <pwd.h>
#include <stdatomic.h>
#include <sys/socket.h>

/* --- sshd
 * ------------------------------------------------------------------------------------------ */

static char private_key[16384];

static int
free_port(void)
{
	struct sockaddr_in where = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof(where);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&where, size), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&where, &size), 0);
	(void)close(fd);
	return ntohs(where.sin_port);
}

static void
read_file(const char *path, char *out, size_t size)
{
	FILE *f = fopen(path, "re");
	size_t n;

	assert_non_null(f);
	n = fread(out, 1, size - 1, f);
	out[n] = 0;
	(void)fclose(f);
}

/* Writes host key, user key and configuration; starts sshd in the foreground as our child. */
static void
start_sshd(struct lab *lab, const char *more)
{
	char path[200], text[1600], host[96], user[96], public[100], authorized[600];
	ssh_key key = NULL;

	(void)snprintf(host, sizeof(host), "%s/host", lab->folder);
	(void)snprintf(user, sizeof(user), "%s/user", lab->folder);
	(void)snprintf(public, sizeof(public), "%s/user.pub", lab->folder);
	assert_int_equal(ssh_pki_generate(SSH_KEYTYPE_RSA, 2048, &key), SSH_OK);
	assert_int_equal(ssh_pki_export_privkey_file(key, NULL, NULL, NULL, host), SSH_OK);
	ssh_key_free(key);
	assert_int_equal(ssh_pki_generate(SSH_KEYTYPE_RSA, 2048, &key), SSH_OK);
	assert_int_equal(ssh_pki_export_privkey_file(key, NULL, NULL, NULL, user), SSH_OK);
	assert_int_equal(ssh_pki_export_pubkey_file(key, public), SSH_OK);
	ssh_key_free(key);
	assert_int_equal(chmod(host, 0600), 0);
	read_file(user, private_key, sizeof(private_key));
	read_file(public, authorized, sizeof(authorized));
	lab->port = free_port();
	(void)snprintf(path, sizeof(path), "%s/sshd.conf", lab->folder);
	(void)snprintf(text, sizeof(text),
	    "Port %d\nListenAddress 127.0.0.1\nHostKey %s\nAuthorizedKeysFile %s\nStrictModes no\n"
	    "UsePAM no\nPidFile none\nPasswordAuthentication no\nPermitRootLogin yes\n"
	    "KbdInteractiveAuthentication no\n%s\n",
	    lab->port, host, public, more);
	lab_write(path, text);
	lab->pid = fork();
	if (lab->pid == 0) {
		const char *argv[] = { "/usr/sbin/sshd", "-D", "-e", "-f", path, NULL };
		int null = open("/dev/null", O_RDWR);

		(void)dup2(null, STDERR_FILENO);
		(void)mkdir("/run/sshd", 0755);
		(void)execve(argv[0], (char *const *)(uintptr_t)argv, environ);
		_exit(127);
	}
	lab->to.port = (uint16_t)lab->port;
	lab->to.secret = (struct secret){ .user = getpwuid(getuid())->pw_name, .key = private_key };
}

static void
remove_files(struct lab *lab)
{
	static const char *const names[] = { "host", "host.pub", "user", "user.pub", "sshd.conf",
		"big", NULL };
	char path[200];

	(void)kill(lab->pid, SIGTERM);
	(void)waitpid(lab->pid, NULL, 0);
	lab->pid = 0;
	for (int i = 0; names[i]; i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", lab->folder, names[i]);
		(void)unlink(path);
	}
}

/* The key is learned as an engineer would: looked at, then trusted. */
static void
trust(struct lab *lab)
{
	struct error err = { 0 };
	int64_t until = clock_mono_ms() + 5000;

	while (ssh_scan(&lab->to, lab->key, &err) != 0 && clock_mono_ms() < until)
		(void)usleep(20000);
	lab->pins[0] = lab->key;
	lab->to.deadline_ms = clock_mono_ms() + 20000;
}

static bool
no_sshd(void)
{
	if (access("/usr/sbin/sshd", X_OK) == 0)
		return false;
	(void)fprintf(stderr, "SKIPPED: no /usr/sbin/sshd here (apt-get install openssh-server)\n");
	return true;
}

static void
runs_commands_through_sshd(void **state)
{
	struct lab *lab = lab_new("linux");
	char own[40];

	(void)state;
	if (no_sshd())
		skip();
	start_sshd(lab, "");
	trust(lab);
	assert_goes(lab, transport_ssh.open(&lab->link));
	assert_says(lab->link.host_key, "ssh-rsa SHA256:");
	assert_goes(lab, lab_ask(lab, "netstat -tunap"));
	/* Our own login is a row of the table it reads. */
	(void)snprintf(own, sizeof(own), "127.0.0.1:%u", lab->link.local_port);
	if (lab->status == 0)
		assert_says(lab->said, own);
	assert_goes(lab, lab_ask(lab, "cat /proc/net/nf_conntrack"));
	assert_true(lab->status == 0 || strstr(lab->aside, "cat: "));
	transport_ssh.close(&lab->link);
	remove_files(lab);
}

static void
reads_across_rekeys_of_sshd(void **state)
{
	enum { N = 20000 };
	static const char
	    row[] = "ipv4     2 tcp      6 431965 ESTABLISHED src=10.20.0.11 dst=203\n";
	struct lab *lab = lab_new("linux");
	char path[100], more[300];
	FILE *f;

	(void)state;
	if (no_sshd())
		skip();
	(void)snprintf(path, sizeof(path), "%s/big", lab->folder);
	(void)snprintf(more, sizeof(more), "RekeyLimit 100K\nForceCommand cat %s", path);
	f = fopen(path, "we");
	for (int i = 0; i < N; i++)
		(void)fputs(row, f);
	(void)fclose(f);
	start_sshd(lab, more);
	trust(lab);
	assert_goes(lab, transport_ssh.open(&lab->link));
	assert_goes(lab, lab_ask(lab, "conntrack -L"));
	assert_int_equal(lab->status, 0);
	assert_int_equal(lab->link.bytes_in, N * (sizeof(row) - 1));
	transport_ssh.close(&lab->link);
	remove_files(lab);
}

/* --- somebody in between
 * ---------------------------------------------------------------------------- */

/* Forwards one connection; inverts one bit of what the device says once, at byte `at` (-1: never).
 */
struct between {
	int listener, port, device_port;
	long at;
	unsigned bit;
	atomic_long passed; /* bytes from the device so far */
	atomic_bool flipped;
};

static void
forward(struct between *b, int from, int to, bool device)
{
	char bytes[4096];
	ssize_t n = recv(from, bytes, sizeof(bytes), 0);
	long passed = atomic_load(&b->passed);

	if (n <= 0) {
		(void)shutdown(to, SHUT_WR);
		return;
	}
	if (device) {
		if (b->at >= passed && b->at < passed + n) {
			bytes[b->at - passed] ^= (char)(1U << b->bit);
			atomic_store(&b->flipped, true);
		}
		atomic_store(&b->passed, passed + n);
	}
	(void)!send(to, bytes, (size_t)n, MSG_NOSIGNAL);
}

static void *
stand_between(void *arg)
{
	struct between *b = arg;
	struct sockaddr_in where = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)b->device_port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int client = accept(b->listener, NULL, NULL), device = socket(AF_INET, SOCK_STREAM, 0);
	struct pollfd wait[] = { { client, POLLIN, 0 }, { device, POLLIN, 0 } };

	(void)connect(device, (struct sockaddr *)&where, sizeof(where));
	while (poll(wait, 2, 5000) > 0) {
		if (wait[0].revents)
			forward(b, client, device, false);
		if (wait[1].revents)
			forward(b, device, client, true);
		if ((wait[0].revents | wait[1].revents) & (POLLHUP | POLLERR))
			break;
	}
	(void)close(client);
	(void)close(device);
	return NULL;
}

static pthread_t
go_between(struct between *b, struct lab *lab, long at, unsigned bit)
{
	struct sockaddr_in where = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof(where);
	pthread_t thread;

	*b = (struct between){ .device_port = lab->port, .at = at, .bit = bit };
	b->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(b->listener, (struct sockaddr *)&where, size), 0);
	assert_int_equal(listen(b->listener, 1), 0);
	assert_int_equal(getsockname(b->listener, (struct sockaddr *)&where, &size), 0);
	lab->to.port = ntohs(where.sin_port);
	lab->to.deadline_ms = clock_mono_ms() + 20000;
	assert_int_equal(pthread_create(&thread, NULL, stand_between, b), 0);
	return thread;
}

#define ASK "show tcp brief"
#define ROWS                                                                                       \
	"TCB       Local Address               Foreign Address             (state)\n"              \
	"81C95568  10.0.0.1.23                 203.0.113.7.1049            ESTAB\n"

static int
visit(struct lab *lab)
{
	int rc = transport_ssh.open(&lab->link);

	if (rc == 0)
		rc = lab_ask(lab, ASK);
	return rc;
}

/* After the key exchange no changed bit may pass, whatever cipher is in force. */
static void
accepts_no_changed_bit(void **state)
{
	static const char *const ciphers[] = { "modern", "chacha20", "gcm" };
	enum { SESSIONS = 20, KEX_BYTES = 1100 };

	(void)state;
	for (size_t c = 0; c < 3; c++) {
		struct lab *lab = lab_new("cisco_ios");
		struct between b;
		pthread_t thread;
		long total;
		unsigned seed = 20261125;

		lab_write(lab->file, ROWS);
		lab_say(lab, "reply \"" ASK "\" %s", lab->file);
		lab_say(lab, "algorithms %s", ciphers[c]);
		lab_start(lab, true);
		lab->to.silence_ms = 500;
		thread = go_between(&b, lab, -1, 0);
		assert_goes(lab, visit(lab));
		assert_string_equal(lab->said, ROWS);
		total = atomic_load(&b.passed);
		transport_ssh.close(&lab->link);
		(void)pthread_join(thread, NULL);
		(void)close(b.listener);
		assert_true(total > KEX_BYTES + 400);
		for (int i = 0; i < SESSIONS; i++) {
			long at;

			seed = seed * 1103515245U + 12345U;
			at = KEX_BYTES + (long)(seed >> 8) % (total - KEX_BYTES);
			thread = go_between(&b, lab, at, seed >> 4 & 7);
			if (visit(lab) == 0 && atomic_load(&b.flipped))
				fail_msg(
				    "%s: bit %u of byte %ld of %ld was changed and nobody saw it",
				    lab->link.exchange, b.bit, at, total);
			assert_true(atomic_load(&b.flipped));
			transport_ssh.close(&lab->link);
			(void)pthread_join(thread, NULL);
			(void)close(b.listener);
		}
		lab_end(NULL);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		lab_test(runs_commands_through_sshd),
		lab_test(reads_across_rekeys_of_sshd),
		lab_test(accepts_no_changed_bit),
	};

	(void)alarm(300);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
