/* ssh: TCP connection, key exchange, and the end of both. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <libssh/callbacks.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "transports/ssh.h"

enum {
	DEAD_PEER_MS = 20000, /* unacknowledged bytes for so long: the peer is gone */
	RSA_BITS = 2048,      /* of a host key; less is a matter for an old profile */
	RSA_BITS_OLD = 1024
};

void
ssh_patience(struct ssh_line *s, int ms)
{
	int left = line_left(s->link, ms);
	long seconds, micro;

	if (left < 10) /* libssh reads 0 as "for ever" */
		left = 10;
	seconds = left / 1000;
	micro = left % 1000 * 1000L;
	(void)ssh_options_set(s->session, SSH_OPTIONS_TIMEOUT, &seconds);
	(void)ssh_options_set(s->session, SSH_OPTIONS_TIMEOUT_USEC, &micro);
}

const char *
ssh_complaint(struct ssh_line *s)
{
	static char shown[2048]; /* an algorithm mismatch lists both sides */

	text_escape(text_of(ssh_get_error(s->session)), shown, sizeof(shown));
	return shown[0] ? shown : "no answer";
}

/* --- TCP ------------------------------------------------------------------------------------ */

static socklen_t
socket_address(const char *host, uint16_t port, struct sockaddr_storage *out)
{
	struct sockaddr_in *v4 = (struct sockaddr_in *)out;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)out;
	struct addr a;

	memset(out, 0, sizeof(*out));
	if (!host || !addr_parse(text_of(host), &a))
		return 0;
	if (a.family == 4) {
		v4->sin_family = AF_INET;
		v4->sin_port = htons(port);
		memcpy(&v4->sin_addr, a.bytes, 4);
		return sizeof(*v4);
	}
	v6->sin6_family = AF_INET6;
	v6->sin6_port = htons(port);
	memcpy(&v6->sin6_addr, a.bytes, 16);
	return sizeof(*v6);
}

static void
note_end(const struct sockaddr_storage *from, char out[static ADDR_TEXT], uint16_t *port)
{
	const struct sockaddr_in *v4 = (const struct sockaddr_in *)from;
	const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)from;
	struct addr a = { 0 };

	if (from->ss_family == AF_INET) {
		a.family = 4;
		memcpy(a.bytes, &v4->sin_addr, 4);
		*port = ntohs(v4->sin_port);
	} else {
		a.family = 6;
		memcpy(a.bytes, &v6->sin6_addr, 16);
		*port = ntohs(v6->sin6_port);
	}
	(void)addr_format(&a, out);
}

/* Our own login as the kernel has it: the poll leaves this session out of what it reports. */
static void
note_ends(struct ssh_line *s)
{
	struct sockaddr_storage end;
	socklen_t size = sizeof(end);

	if (getsockname(s->fd, (struct sockaddr *)&end, &size) == 0)
		note_end(&end, s->link->local, &s->link->local_port);
	size = sizeof(end);
	if (getpeername(s->fd, (struct sockaddr *)&end, &size) == 0)
		note_end(&end, s->link->peer, &s->link->peer_port);
}

static void
set_socket(int fd)
{
	int on = 1, dead = DEAD_PEER_MS;

	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	(void)setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	(void)setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &dead, sizeof(dead));
}

static int
bind_to(int fd, const char *from, int family)
{
	struct sockaddr_storage here;
	socklen_t size = socket_address(from, 0, &here);

	if (here.ss_family != family) {
		errno = EAFNOSUPPORT;
		return -1;
	}
	return bind(fd, (struct sockaddr *)&here, size);
}

/* libssh would resolve a name, try one address and have its own idea of a timeout. */
static int
dial(struct ssh_line *s)
{
	const struct target *to = s->link->to;
	struct sockaddr_storage where;
	socklen_t size = socket_address(to->host, to->port, &where), length = sizeof(int);
	struct pollfd wait = { .events = POLLOUT };
	struct stat st;
	int error = 0;

	if (size == 0)
		return line_fail(s->link, REASON_CONNECT, "%s is not a numeric address",
		    to->host ? to->host : "(none)");
	s->fd = socket(where.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (s->fd < 0 || fstat(s->fd, &st) != 0)
		return line_fail(s->link, REASON_CONNECT, "no socket: %s", strerror(errno));
	s->device = st.st_dev;
	s->inode = st.st_ino;
	set_socket(s->fd);
	if (to->from && bind_to(s->fd, to->from, where.ss_family) != 0)
		return line_fail(s->link, REASON_CONNECT,
		    "from %s: %s; `from:` of the device wants an address of this machine, of the "
		    "device's family",
		    to->from, strerror(errno));
	if (connect(s->fd, (struct sockaddr *)&where, size) != 0) {
		if (errno != EINPROGRESS)
			error = errno;
		wait.fd = s->fd;
		if (!error && poll(&wait, 1, line_left(s->link, to->connect_ms)) != 1)
			error = ETIMEDOUT;
		if (!error && getsockopt(s->fd, SOL_SOCKET, SO_ERROR, &error, &length) != 0)
			error = errno;
	}
	if (error)
		return line_fail(s->link, REASON_CONNECT,
		    "no connection to %s port %u: %s; is ssh on and reachable from here?", to->host,
		    to->port, strerror(error));
	note_ends(s);
	return 0;
}

/* --- the session ----------------------------------------------------------------------------- */

static bool
option(struct ssh_line *s, enum ssh_options_e name, const void *value)
{
	return ssh_options_set(s->session, name, value) == SSH_OK;
}

/* No file of this machine's account has a say: libssh would run a ProxyCommand it finds in one. */
static bool
set_session(struct ssh_line *s)
{
	const struct target *to = s->link->to;
	bool old = to->algorithms && strcmp(to->algorithms, "modern") != 0;
	int yes = 1, rsa = old ? RSA_BITS_OLD : RSA_BITS, quiet = SSH_LOG_NOLOG;
	unsigned port = to->port;
	bool no = false;

	return option(s, SSH_OPTIONS_PROCESS_CONFIG, &no) &&
	       option(s, SSH_OPTIONS_HOST, to->host) && option(s, SSH_OPTIONS_PORT, &port) &&
	       option(s, SSH_OPTIONS_FD, &s->fd) && option(s, SSH_OPTIONS_LOG_VERBOSITY, &quiet) &&
	       option(s, SSH_OPTIONS_NODELAY, &yes) &&
	       option(s, SSH_OPTIONS_KNOWNHOSTS, "/dev/null") &&
	       option(s, SSH_OPTIONS_GLOBAL_KNOWNHOSTS, "/dev/null") &&
	       option(s, SSH_OPTIONS_COMPRESSION, "none") &&
	       option(s, SSH_OPTIONS_RSA_MIN_SIZE, &rsa) &&
	       (!to->secret.user || option(s, SSH_OPTIONS_USER, to->secret.user));
}

static void
note_exchange(struct ssh_line *s)
{
	const char *kex = ssh_get_kex_algo(s->session), *cipher = ssh_get_cipher_in(s->session);
	const char *mac = ssh_get_hmac_in(s->session);

	(void)snprintf(s->link->exchange, sizeof(s->link->exchange), "%s %s %s", kex ? kex : "?",
	    cipher ? cipher : "?", mac ? mac : "?");
}

/* When a device greets and lists its algorithms in one packet, libssh 0.10 replaces the error of a
 * failed negotiation by "Socket error: Success". The warning it logs meanwhile still has the lists.
 */
static void
overhear(int priority, const char *function, const char *message, void *arg)
{
	struct ssh_line *s = arg;
	const char *error = strstr(message, "kex error");

	(void)priority;
	(void)function;
	if (error && !s->overheard)
		s->overheard = mem_string(error);
}

static bool
exchange_keys(struct ssh_line *s)
{
	bool done;

	(void)ssh_set_log_callback(overhear);
	(void)ssh_set_log_userdata(s);
	(void)ssh_set_log_level(SSH_LOG_WARN);
	done = ssh_connect(s->session) == SSH_OK;
	(void)ssh_set_log_level(SSH_LOG_NOLOG);
	(void)ssh_set_log_userdata(NULL);
	return done;
}

/* The device has no key of a pinned type. Which key does it have? A second connection, without
 * credentials, tells: then the operator reads both. */
static void
look_again(struct ssh_line *s)
{
	struct target to = *s->link->to;
	struct error err = { .exit = 0 };
	char key[128];

	to.pins = NULL;
	to.secret = (struct secret){ 0 };
	line_clear(s->link);
	if (ssh_scan(&to, key, &err) != 0) {
		(void)line_fail(s->link, REASON_HOST_KEY, "%s", err.text);
		return;
	}
	(void)text_copy(text_of(key), s->link->host_key, sizeof(s->link->host_key));
	if (ssh_verify(s) == 0)
		(void)line_fail(s->link, REASON_HOST_KEY, "the device shows its keys in turns");
}

int
ssh_reach(struct ssh_line *s)
{
	const struct target *to = s->link->to;
	int64_t began = clock_mono_ms();
	bool key_type = false;
	int left;

	if ((to->via ? ssh_jump(s) : dial(s)) != 0)
		return -1;
	s->session = ssh_new();
	if (!s->session || !set_session(s))
		return line_fail(s->link, REASON_CONNECT, "libssh refuses an option: %s",
		    s->session ? ssh_complaint(s) : "out of memory");
	ssh_set_counters(s->session, &s->counter, NULL);
	if (ssh_profile_set(s) != 0)
		return -1;
	/* A jump host has had a time of its own. */
	left = to->connect_ms - (to->via ? 0 : (int)(clock_mono_ms() - began));
	ssh_patience(s, left > 0 ? left : 1);
	if (exchange_keys(s)) {
		s->alive = true;
		note_exchange(s);
		return 0;
	}
	if (!ssh_profile_explain(s, s->overheard ? s->overheard : ssh_complaint(s), &key_type))
		return line_fail(s->link, REASON_CONNECT, "%s port %u: no ssh key exchange: %s",
		    to->host, to->port, ssh_complaint(s));
	if (key_type && to->pins && to->pins[0] && !to->via)
		look_again(s);
	return -1;
}

/* "SSH-2.0-Cisco-1.25" (RFC 4253, 4.2) without its protocol version. */
static void
look_at_banner(struct ssh_line *s)
{
	const char *banner = ssh_get_serverbanner(s->session);
	const char *software = banner ? strchr(banner, '-') : NULL;

	software = software ? strchr(software + 1, '-') : NULL;
	if (software)
		text_escape(text_of(software + 1), s->link->banner, sizeof(s->link->banner));
}

int
ssh_look_at_key(struct ssh_line *s)
{
	unsigned char *hash = NULL;
	ssh_key key = NULL;
	size_t size = 0;
	char *text = NULL;
	int rc = -1;

	look_at_banner(s);
	if (ssh_get_server_publickey(s->session, &key) == SSH_OK &&
	    ssh_get_publickey_hash(key, SSH_PUBLICKEY_HASH_SHA256, &hash, &size) == 0)
		text = ssh_get_fingerprint_hash(SSH_PUBLICKEY_HASH_SHA256, hash, size);
	if (text) {
		(void)snprintf(s->link->host_key, sizeof(s->link->host_key), "%s %s",
		    ssh_key_type_to_char(ssh_key_type(key)), text);
		rc = 0;
	}
	ssh_string_free_char(text);
	if (hash)
		ssh_clean_pubkey_hash(&hash);
	ssh_key_free(key);
	return rc == 0
		   ? 0
		   : line_fail(s->link, REASON_HOST_KEY, "the device's host key cannot be read");
}

/* The socket is ours to close, but libssh 0.10 closes it itself on some of its ways out, and the
 * number may belong to another file by then. */
void
ssh_hang_up(struct ssh_line *s)
{
	struct stat st;

	if (s->channel)
		ssh_channel_free(s->channel);
	s->channel = NULL;
	if (s->session) {
		ssh_patience(s, 100);
		if (s->alive)
			ssh_disconnect(s->session);
		ssh_free(s->session);
	}
	s->session = NULL;
	free(s->overheard);
	s->overheard = NULL;
	if (s->fd >= 0 && fstat(s->fd, &st) == 0 && st.st_dev == s->device && st.st_ino == s->inode)
		(void)close(s->fd);
	s->fd = -1;
}

int
ssh_scan(const struct target *to, char out[static 128], struct error *err)
{
	struct link link = { .to = to };
	struct ssh_line s = { .link = &link, .fd = -1 };
	int rc = -1;

	if (ssh_reach(&s) == 0 && ssh_look_at_key(&s) == 0)
		rc = text_copy(text_of(link.host_key), out, 128) ? 0 : -1;
	ssh_hang_up(&s);
	return rc == 0 ? 0 : error_set(err, "%s: %s", to->device, link.why);
}
