/* How to reach a device: open, ask one line, get its reply, leave. Straight-line blocking code;
 * every wait has a deadline. Runs inside a poll process. */
#ifndef GATEBOOK_TRANSPORTS_TRANSPORT_H
#define GATEBOOK_TRANSPORTS_TRANSPORT_H

#include "base/error.h"
#include "drivers/driver.h"

/* What the login needs. Secrets are borrowed and wiped by the caller. */
struct secret {
	const char *user;
	const char *password; /* NULL: none */
	const char *key;      /* private key, PEM/OpenSSH text; NULL: none */
	const char *key_passphrase;
	const char *enable; /* password of the higher level; NULL: the level of the login is enough
			     */
	const char *agent;  /* path of an ssh-agent socket; NULL: none */
};

struct target {
	const char *device; /* inventory name, for messages */
	const char *host;   /* numeric address (resolved by the caller) */
	uint16_t port;
	const struct driver *driver;
	struct secret secret;
	const char *const *pins;  /* trusted host keys "type SHA256:..."; ends with NULL; may be
				     empty */
	const char *algorithms;   /* "modern", "sha1-kex" or "ancient"; NULL is "modern" */
	const char *from;         /* ssh: our own address, numeric; NULL: the kernel chooses */
	const struct target *via; /* ssh: the jump host it is reached through, or NULL */
	/* Of a jump host: closes the sandbox of the process that carries its bytes; may be NULL. */
	int (*confine)(int sandbox);
	int sandbox;
	const char *file;           /* replay: the recorded reply, or a folder of them */
	int connect_ms, silence_ms; /* deadlines, milliseconds */
	int64_t deadline_ms;        /* clock_mono_ms by which all must end */
};

/* One open line to a device. The transport puts its state behind `state`. */
struct link {
	const struct target *to;
	enum reason reason;                     /* set when a call fails */
	char why[300];                          /* printable sentence, with what to do next */
	char local[ADDR_TEXT], peer[ADDR_TEXT]; /* our own login's ends as the kernel says; "" if
						   none */
	uint16_t local_port, peer_port;
	char host_key[128];        /* "type SHA256:..." the device showed */
	char banner[80];           /* the software of its SSH identification, "Cisco-1.25" */
	char prompt[LIMIT_PROMPT]; /* of a shell, as learned */
	uint64_t bytes_in;
	/* The same of the jump host; via_why: what went wrong with it, "" when nothing did. */
	bool via_tried;
	char via_local[ADDR_TEXT], via_key[128], via_exchange[200], via_why[300];
	bool enabled;       /* the higher level was asked for and given */
	char exchange[200]; /* key exchange, cipher, MAC in force, for the ledger */
	void *state;
};

/* Receives a reply's bytes: echo, prompt, more-marks and escape codes are gone, line ends are LF.
 */
struct sink {
	void (*bytes)(void *arg, const char *bytes, size_t n);
	void (*aside)(void *arg, struct text line); /* stderr of an exec channel, whole lines */
	void *arg;
};

struct transport {
	const char *name;
	/* Connects, verifies the host key before any credential is offered, logs in, and for a
	 * shell learns the prompt. Returns 0, or -1 with link->reason and why set. */
	int (*open)(struct link *link);
	/* Called once between open and the first ask: after it the transport needs no new file,
	 * socket or program, so that the caller may close the sandbox. May be NULL. */
	int (*settle)(struct link *link);
	/* Sends one line that driver_may_send accepts (anything else is refused here, before the
	 * socket) and hands the reply to sink. Returns 0 only if the terminator was seen: the
	 * learned prompt for a shell, EOF and an exit status for exec; *exit_status is that status
	 * (0 for a shell), and unless it is 0 link->why holds the first line of stderr. -1: cut,
	 * silent, over a bound; link says why. sink may be NULL: the reply is dropped. */
	int (*ask)(struct link *link, const char *line, const struct sink *sink, int *exit_status);
	/* Sends the logout line and waits up to LIMIT_LOGOUT_MS, then closes. Never fails. */
	void (*close)(struct link *link);
};

extern const struct transport transport_ssh, transport_local, transport_replay;
const struct transport *transport_find(const char *name); /* NULL when unknown */

/* Every line written to a device passes here with the device's name, direct before the write: tests
 * and `poll --wire FILE` record what was really sent. NULL switches it off. */
extern void (*transport_wire)(const char *device, const char *line);

/* Shows a device's host key without offering any credential: "type SHA256:..." into out.
 * Returns 0, or -1 with err set. */
int ssh_scan(const struct target *to, char out[static 128], struct error *err);

/* Can this private key be used with this passphrase (NULL: none)? Returns 0, or -1 with err. */
int ssh_key_test(const char *text, const char *passphrase, struct error *err);

#endif
