/* A scripted SSH device: what it is told to be, and the visits it gets. README.md lists the script.
 */
#ifndef GATEBOOK_TESTS_DEVICES_SSH_SSHDEV_H
#define GATEBOOK_TESTS_DEVICES_SSH_SSHDEV_H

#include <libssh/libssh.h>
#include <libssh/server.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

enum { MAX_REPLIES = 64, MAX_FILES = 16, MAX_USERS = 8, MAX_ACCEPT = 32, MAX_DEVICES = 512 };

enum cut { CUT_NOT, CUT_RST, CUT_FIN, CUT_EOF, CUT_CLOSE, CUT_SILENCE };
enum wipe { WIPE_IOS, WIPE_CR, WIPE_VRP, WIPE_NONE };

/* What one command answers. File i serves the i-th asking, the last one all further. */
struct answer {
	char *command;
	char *files[MAX_FILES];
	struct text bodies[MAX_FILES]; /* loaded when first asked */
	int n;
	char *aside; /* stderr of an exec channel */
	int status;
	atomic_uint asked;
};

struct user {
	char *name, *password;
	ssh_key key;
};

struct device {
	char *name, *listen, *hostkey, *hostkey_type, *algorithms, *methods, *wire, *folder;
	int port, backlog;
	struct user users[MAX_USERS];
	int n_users;
	char *prompt, *next_prompt, *banner, *refusal, *leave, *line_end, *enable;
	char *kbdint_prompt, *kbdint_second;
	char *late; /* said late_ms after the first prompt behind a reply */
	int late_ms;
	char *accept[MAX_ACCEPT];
	int n_accept;
	struct answer answers[MAX_REPLIES];
	int n_answers;
	bool exec, echo, no_prompt, close_after_login, refuse_exec, refuse_shell, endless, noise,
	    kbdint_echo;
	char *stall; /* connect, auth, shell */
	long cut_at; /* byte of a reply; -1: never */
	enum cut cut;
	char *cut_command;
	long drip; /* bytes per second */
	int delay_lines, delay_ms, page, next_prompt_after, max_logins;
	long banner_bytes;
	char *more;
	enum wipe wipe;

	/* In service. */
	ssh_bind bind;
	int fd;
	atomic_uint visits;
	atomic_int logins;
	pthread_mutex_t lock; /* of the answers' bodies, and of the answers found in the folder */
};

/* One connection. */
struct visit {
	struct device *device;
	unsigned number;
	ssh_session session;
	ssh_channel channel;
	int fd;
	bool pty, cr; /* cr: a LF that follows belongs to the line before */
	char typed[512];
	size_t n_typed, next_typed;
	bool high, silent; /* behind enable; a password is typed, which is not echoed */
	bool counting;     /* a reply is on its way: cut, drip */
	long sent;
	unsigned commands;
};

/* script.c: reads a script; exits with a message on a fault. */
struct device *script_read(const char *path, int *n);
struct device *script_lines(char **lines, int n_lines, int *n);
void script_finish(struct device *d); /* defaults */

/* log.c */
void wire_log(const struct device *d, unsigned visit, const char *event, const char *text);

/* keys.c */
void keys_bind(struct device *d, char shown[static 128]); /* host key, algorithms */

/* login.c: true once somebody is in. */
bool login_serve(struct visit *v);

/* answer.c */
struct answer *answer_find(struct device *d, const char *command);
struct text file_load(const char *path);
struct text answer_body(struct device *d, struct answer *a);

/* shell.c, exec.c: 0 when the visit ends well, -1 when it was cut. */
int put(struct visit *v, const char *bytes, size_t n, bool aside);
int put_body(struct visit *v, struct text body);
void start_counting(struct visit *v, const char *command);
void shell_serve(struct visit *v);
void exec_serve(struct visit *v, const char *command);
int next_key(struct visit *v);

#endif
