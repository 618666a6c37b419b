/* The dialogue of a poll by hand, with libssh and nothing around it: log in, send the same lines,
 * read the same replies up to the prompt, leave. It verifies no host key, reads no row and keeps
 * nothing.
 *
 *     ssh_bare USER PASSWORD PROMPT LINE [LINE...] < PORTS
 *
 * PORTS of 127.0.0.1, one a line, are visited one after another. Prints microseconds of CPU a
 * visit, bytes read. */
#include <err.h>
#include <libssh/libssh.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum { REPLY = 1 << 16, PATIENCE_MS = 20000 };

struct visit {
	ssh_session session;
	ssh_channel channel;
	const char *prompt;
	char reply[REPLY]; /* its end is kept: there the prompt stands */
	size_t bytes;
};

static void
must(bool ok, struct visit *v, const char *what)
{
	if (!ok)
		errx(1, "%s: %s", what, ssh_get_error(v->session));
}

static void
read_reply(struct visit *v)
{
	size_t n = 0, size = strlen(v->prompt);

	while (n < size || memcmp(v->reply + n - size, v->prompt, size) != 0) {
		int got;

		if (n > REPLY / 2) {
			memmove(v->reply, v->reply + n - size, size);
			n = size;
		}
		got = ssh_channel_read_timeout(v->channel, v->reply + n, REPLY / 2, 0, PATIENCE_MS);
		must(got > 0, v, "read");
		n += (size_t)got;
		v->bytes += (size_t)got;
	}
}

static void
say(struct visit *v, const char *line)
{
	char sent[256];
	int n = snprintf(sent, sizeof(sent), "%s\n", line);

	must(ssh_channel_write(v->channel, sent, (uint32_t)n) == n, v, "write");
}

static void
log_in(struct visit *v, unsigned port, const char *user, const char *password)
{
	int no = 0;

	v->session = ssh_new();
	if (!v->session)
		errx(1, "out of memory");
	(void)ssh_options_set(v->session, SSH_OPTIONS_HOST, "127.0.0.1");
	(void)ssh_options_set(v->session, SSH_OPTIONS_PORT, &port);
	(void)ssh_options_set(v->session, SSH_OPTIONS_USER, user);
	(void)ssh_options_set(v->session, SSH_OPTIONS_PROCESS_CONFIG, &no);
	/* As the profile of the poll has them: the ciphers must not be what differs. */
	(void)ssh_options_set(v->session, SSH_OPTIONS_CIPHERS_C_S, "aes256-ctr");
	(void)ssh_options_set(v->session, SSH_OPTIONS_CIPHERS_S_C, "aes256-ctr");
	(void)ssh_options_set(v->session, SSH_OPTIONS_HMAC_C_S, "hmac-sha2-256");
	(void)ssh_options_set(v->session, SSH_OPTIONS_HMAC_S_C, "hmac-sha2-256");
	must(ssh_connect(v->session) == SSH_OK, v, "connect");
	must(ssh_userauth_password(v->session, NULL, password) == SSH_AUTH_SUCCESS, v, "login");
	v->channel = ssh_channel_new(v->session);
	must(v->channel && ssh_channel_open_session(v->channel) == SSH_OK, v, "channel");
	must(ssh_channel_request_pty_size(v->channel, "vt100", 500, 1000) == SSH_OK, v, "terminal");
	must(ssh_channel_request_shell(v->channel) == SSH_OK, v, "shell");
}

static void
pay_visit(struct visit *v, unsigned port, char **words)
{
	log_in(v, port, words[0], words[1]);
	read_reply(v);
	for (char **line = words + 3; *line; line++) {
		say(v, *line);
		if (line[1]) /* behind the last one, which is the logout, stands no prompt */
			read_reply(v);
	}
	while (ssh_channel_read_timeout(v->channel, v->reply, REPLY, 0, PATIENCE_MS) > 0)
		continue;
	ssh_channel_free(v->channel);
	ssh_disconnect(v->session);
	ssh_free(v->session);
}

int
main(int argc, char **argv)
{
	static struct visit v;
	struct rusage used;
	unsigned visits = 0;
	char line[16];

	if (argc < 5) {
		(void)fputs(
		    "usage: ssh_bare USER PASSWORD PROMPT LINE [LINE...] < PORTS\n", stderr);
		return 2;
	}
	v.prompt = argv[3];
	for (; fgets(line, sizeof(line), stdin); visits++)
		pay_visit(&v, (unsigned)strtoul(line, NULL, 10), argv + 1);
	if (visits == 0)
		errx(2, "no port on standard input");
	(void)getrusage(RUSAGE_SELF, &used);
	(void)printf("%.0f %zu\n",
	    ((double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e6 +
		(double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec)) /
		visits,
	    v.bytes);
	return 0;
}
