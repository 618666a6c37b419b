/* sshdev: scripted SSH devices, one port each, one thread a connection. See README.md beside this.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "tests/devices/ssh/sshdev.h"

enum { STACK = 512 << 10, LINES = 256 };

/* --- one connection -----------------------------------------------------------------------------
 */

static void
end_channel(struct visit *v)
{
	(void)ssh_channel_send_eof(v->channel);
	(void)ssh_channel_close(v->channel);
	ssh_channel_free(v->channel);
	v->channel = NULL;
}

static void
shell(struct visit *v, ssh_message m)
{
	const struct device *d = v->device;

	if (d->refuse_shell || d->exec) {
		(void)ssh_message_reply_default(m);
		return;
	}
	(void)ssh_message_channel_request_reply_success(m);
	if (!d->close_after_login)
		shell_serve(v);
	end_channel(v);
}

static void
exec(struct visit *v, ssh_message m)
{
	const struct device *d = v->device;

	if (d->refuse_exec || !d->exec) {
		(void)ssh_message_reply_default(m);
		return;
	}
	(void)ssh_message_channel_request_reply_success(m);
	exec_serve(v, ssh_message_channel_request_command(m));
	end_channel(v);
}

/* Channels one after another, as network devices have them. */
static void
serve(struct visit *v)
{
	ssh_message m;

	while ((m = ssh_message_get(v->session))) {
		int type = ssh_message_type(m), sub = ssh_message_subtype(m);

		if (type == SSH_REQUEST_CHANNEL_OPEN && sub == SSH_CHANNEL_SESSION && !v->channel) {
			v->channel = ssh_message_channel_request_open_reply_accept(m);
		} else if (type == SSH_REQUEST_CHANNEL && v->channel &&
			   sub == SSH_CHANNEL_REQUEST_PTY) {
			v->pty = true;
			(void)ssh_message_channel_request_reply_success(m);
		} else if (type == SSH_REQUEST_CHANNEL && v->channel &&
			   sub == SSH_CHANNEL_REQUEST_SHELL) {
			shell(v, m);
		} else if (type == SSH_REQUEST_CHANNEL && v->channel &&
			   sub == SSH_CHANNEL_REQUEST_EXEC) {
			exec(v, m);
		} else {
			(void)ssh_message_reply_default(m);
		}
		ssh_message_free(m);
		if (v->pty && !v->channel) /* a shell has ended */
			return;
	}
}

static void
greet(struct visit *v)
{
	struct device *d = v->device;
	int logins = atomic_fetch_add(&d->logins, 1) + 1;
	char text[40];

	(void)snprintf(text, sizeof(text), "concurrent=%d", logins);
	wire_log(d, v->number, "login", text);
	if (!d->max_logins || logins <= d->max_logins)
		serve(v);
	(void)atomic_fetch_sub(&d->logins, 1);
}

static void *
visit(void *arg)
{
	struct visit *v = arg;

	wire_log(v->device, v->number, "connect", "");
	if (ssh_handle_key_exchange(v->session) != SSH_OK)
		wire_log(v->device, v->number, "kex-failed", ssh_get_error(v->session));
	else if (login_serve(v))
		greet(v);
	wire_log(v->device, v->number, "close", "");
	ssh_disconnect(v->session);
	ssh_free(v->session);
	free(v);
	return NULL;
}

/* --- accepting ----------------------------------------------------------------------------------
 */

static void
welcome(struct device *d)
{
	int fd = accept4(d->fd, NULL, NULL, SOCK_CLOEXEC), on = 1;
	struct visit *v;
	pthread_attr_t attr;
	pthread_t thread;

	if (fd < 0 || (d->stall && strcmp(d->stall, "connect") == 0))
		return;
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	v = mem_alloc(1, sizeof(*v));
	v->device = d;
	v->number = atomic_fetch_add(&d->visits, 1) + 1;
	v->fd = fd;
	v->session = ssh_new();
	if (ssh_bind_accept_fd(d->bind, v->session, fd) != SSH_OK) {
		(void)fprintf(stderr, "sshdev: %s: %s\n", d->name, ssh_get_error(d->bind));
		ssh_free(v->session);
		free(v);
		return;
	}
	(void)pthread_attr_init(&attr);
	(void)pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	(void)pthread_attr_setstacksize(&attr, STACK);
	if (pthread_create(&thread, &attr, visit, v) != 0)
		abort();
	(void)pthread_attr_destroy(&attr);
}

/* ssh_bind_listen would allow a queue of ten. */
static void
open_port(struct device *d)
{
	struct sockaddr_in where = { .sin_family = AF_INET, .sin_port = htons((uint16_t)d->port) };
	socklen_t size = sizeof(where);
	int on = 1;
	char key[128];

	d->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	(void)setsockopt(d->fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (inet_pton(AF_INET, d->listen, &where.sin_addr) != 1 ||
	    bind(d->fd, (struct sockaddr *)&where, size) != 0 || listen(d->fd, d->backlog) != 0 ||
	    getsockname(d->fd, (struct sockaddr *)&where, &size) != 0) {
		perror("sshdev: listen");
		exit(1);
	}
	d->port = ntohs(where.sin_port);
	keys_bind(d, key);
	(void)printf("device %s %s %d %s\n", d->name, d->listen, d->port, key);
}

static void
run(struct device *devices, int n)
{
	struct pollfd *wait = mem_alloc((size_t)n, sizeof(*wait));

	for (int i = 0; i < n; i++) {
		script_finish(&devices[i]);
		open_port(&devices[i]);
		wait[i] = (struct pollfd){ .fd = devices[i].fd, .events = POLLIN };
	}
	(void)puts("ready");
	(void)fflush(stdout);
	for (;;) {
		if (poll(wait, (nfds_t)n, -1) < 0)
			continue;
		for (int i = 0; i < n; i++)
			if (wait[i].revents)
				welcome(&devices[i]);
	}
}

int
main(int argc, char **argv)
{
	struct device *devices;
	char *lines[LINES];
	int c, n_lines = 0, n = 0, stay = 0;

	while ((c = getopt(argc, argv, "e:s")) > 0) {
		if (c == 'e' && n_lines < LINES)
			lines[n_lines++] = optarg;
		else if (c == 's')
			stay = 1;
		else
			return 2;
	}
	if (n_lines == 0 && optind + 1 != argc) {
		(void)fputs("usage: sshdev [-s] SCRIPT | sshdev [-s] -e LINE...\n", stderr);
		return 2;
	}
	if (!stay) /* a test that dies takes its devices along */
		(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
	(void)signal(SIGPIPE, SIG_IGN);
	if (fcntl(STDIN_FILENO, F_GETFD) < 0)
		(void)open("/dev/null", O_RDONLY);
	(void)ssh_init();
	devices = n_lines ? script_lines(lines, n_lines, &n) : script_read(argv[optind], &n);
	if (n == 0) {
		(void)fputs("sshdev: the script has no device\n", stderr);
		return 2;
	}
	run(devices, n);
	return 0;
}
