/* The ssh transport: who is let in, what is offered, and how often. The device counts. */
#include "tests/unit/transports_devices.h"

#include <libssh/libssh.h>
#include <netinet/in.h>
#include <sys/socket.h>

static struct lab *
router(void)
{
	return lab_new("cisco_ios");
}

static int
reach(struct lab *lab)
{
	return transport_ssh.open(&lab->link);
}

/* --- host keys ----------------------------------------------------------------------------------
 */

static void
offers_nothing_to_an_unknown_key(void **state)
{
	struct lab *lab = router();
	char command[200];

	(void)state;
	lab_start(lab, false);
	assert_fails(lab, reach(lab), REASON_HOST_KEY, "unknown host key");
	(void)snprintf(command, sizeof(command), "gatebook hostkey trust r1 --fingerprint %s",
	    strchr(lab->key, ' ') + 1);
	assert_says(lab->link.why, command);
	assert_string_equal(lab->link.host_key, lab->key);
	lab_expect(lab, " close ", 1);
	lab_expect(lab, " auth ", 0);
	assert_string_equal(lab->sent, "");
}

static void
offers_nothing_to_a_changed_key(void **state)
{
	struct lab *lab = router();
	char was[128];

	(void)state;
	lab_start(lab, true);
	assert_goes(lab, reach(lab));
	transport_ssh.close(&lab->link);
	(void)text_copy(text_of(lab->key), was, sizeof(was));
	lab_stop(lab);
	lab_start(lab, true); /* without a key file it makes itself a new key */
	lab->pins[0] = was;
	assert_fails(lab, reach(lab), REASON_HOST_KEY, "CHANGED");
	assert_says(lab->link.why, strchr(was, ' ') + 1);
	assert_says(lab->link.why, "gatebook hostkey trust r1 --fingerprint SHA256:");
	assert_says(lab->link.why, strchr(lab->key, ' ') + 1);
	lab_expect(lab, " close ", 1);
	lab_expect(lab, " auth ", 0);
}

static void
tells_both_keys_when_the_type_changed(void **state)
{
	static const char
	    was[] = "ecdsa-sha2-nistp256 SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU";
	struct lab *lab = router();

	(void)state;
	lab_start(lab, true);
	lab->pins[0] = was;
	assert_fails(lab, reach(lab), REASON_HOST_KEY, "CHANGED");
	assert_says(lab->link.why, "SHA256:47DEQpj8HBSa");
	assert_says(lab->link.why, strchr(lab->key, ' ') + 1);
	lab_expect(lab, " connect ", 2); /* the second one only to see the key */
	lab_expect(lab, " auth ", 0);
}

static void
scans_without_a_credential(void **state)
{
	struct lab *lab = router();
	struct error err = { 0 };
	char key[128];

	(void)state;
	lab_say(lab, "hostkey-type rsa");
	lab_start(lab, true);
	assert_int_equal(ssh_scan(&lab->to, key, &err), 0);
	assert_string_equal(key, lab->key);
	assert_says(key, "ssh-rsa SHA256:");
	lab_expect(lab, " close ", 1);
	lab_expect(lab, " auth ", 0);
	lab_stop(lab);
	assert_int_equal(ssh_scan(&lab->to, key, &err), -1);
	assert_says(err.text, "r1: no connection to 127.0.0.1 port");
}

/* --- passwords ----------------------------------------------------------------------------------
 */

static void
offers_a_wrong_password_once(void **state)
{
	static const char *const methods[] = { "password", "keyboard-interactive",
		"password,keyboard-interactive", "publickey,password",
		"publickey,password,keyboard-interactive" };

	(void)state;
	for (size_t i = 0; i < sizeof(methods) / sizeof(*methods); i++) {
		struct lab *lab = router();

		lab_say(lab, "methods %s", methods[i]);
		lab_start(lab, true);
		lab->to.secret.password = "wrong";
		assert_fails(
		    lab, reach(lab), REASON_AUTH, "login refused for gatebook at 127.0.0.1");
		assert_null(lab->link.state);
		lab_expect(lab, " close ", 1);
		lab_expect(lab, " connect ", 1);
		lab_expect(lab, " refused", 1);
		lab_expect(lab, " none ", 0);
		lab_end(NULL);
	}
}

static void
finds_the_method_the_device_has(void **state)
{
	static const char *const methods[] = { "password", "keyboard-interactive",
		"publickey,password", "publickey,keyboard-interactive" };

	(void)state;
	for (size_t i = 0; i < sizeof(methods) / sizeof(*methods); i++) {
		struct lab *lab = router();

		lab_say(lab, "methods %s", methods[i]);
		lab_start(lab, true);
		assert_goes(lab, reach(lab));
		transport_ssh.close(&lab->link);
		lab_expect(lab, " ok", 1);
		lab_expect(lab, " refused", 0);
		lab_end(NULL);
	}
}

static void
answers_one_password_prompt_only(void **state)
{
	static const char *const seconds[][2] = { { "New password\\e[31m: ",
						      "\"New password\\x1b[31m: \" after" },
		{ "Verification code: ", "\"Verification code: \" after the password" } };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct lab *lab = router();

		lab_say(lab, "methods keyboard-interactive");
		lab_say(lab, "kbdint-second \"%s\"", seconds[i][0]);
		lab_start(lab, true);
		assert_fails(lab, reach(lab), REASON_AUTH, seconds[i][1]);
		lab_expect(lab, " close ", 1);
		lab_expect(lab, " second", 1);
		lab_expect(lab, " ok", 0);
		lab_expect(lab, " refused", 0);
		lab_end(NULL);
	}
}

static void
answers_no_prompt_that_is_not_for_a_password(void **state)
{
	static const char *const lines[][2] = { { "kbdint-echo yes",
						    "kbdint-prompt \"Badge number: \"" },
		{ "kbdint-echo no", "kbdint-prompt \"Enter new password: \"" } };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct lab *lab = router();

		lab_say(lab, "methods keyboard-interactive");
		lab_say(lab, "%s", lines[i][0]);
		lab_say(lab, "%s", lines[i][1]);
		lab_start(lab, true);
		assert_fails(lab, reach(lab), REASON_AUTH, "the device asks \"");
		lab_expect(lab, " close ", 1);
		lab_expect(lab, " begun", 1);
		lab_expect(lab, " refused", 0);
		lab_end(NULL);
	}
}

static void
needs_a_credential(void **state)
{
	struct lab *lab = router();

	(void)state;
	lab_start(lab, true);
	lab->to.secret.password = NULL;
	assert_fails(lab, reach(lab), REASON_CREDENTIAL, "r1 has no user, or neither key");
	lab_expect(lab, " close ", 1);
	lab_expect(lab, " auth ", 0);
}

/* --- keys ----------------------------------------------------------------------------------------
 */

static char private_key[16384];

/* Makes a key pair: the public half becomes authorized for "gatebook", the private one is read. */
static void
make_key(struct lab *lab, enum ssh_keytypes_e type, const char *passphrase, bool authorized)
{
	char file[128];
	ssh_key key = NULL;
	FILE *f;
	size_t n;

	(void)snprintf(file, sizeof(file), "%s/key", lab->folder);
	assert_int_equal(ssh_pki_generate(type, type == SSH_KEYTYPE_RSA ? 2048 : 0, &key), SSH_OK);
	assert_int_equal(ssh_pki_export_privkey_file(key, passphrase, NULL, NULL, file), SSH_OK);
	f = fopen(file, "re");
	assert_non_null(f);
	n = fread(private_key, 1, sizeof(private_key) - 1, f);
	private_key[n] = 0;
	(void)fclose(f);
	(void)unlink(file);
	assert_int_equal(ssh_pki_export_pubkey_file(key, lab->file), SSH_OK);
	ssh_key_free(key);
	if (authorized)
		lab_say(lab, "authorized gatebook %s", lab->file);
	lab->to.secret.key = private_key;
}

static void
logs_in_with_a_key(void **state)
{
	static const enum ssh_keytypes_e types[] = { SSH_KEYTYPE_ED25519, SSH_KEYTYPE_ECDSA_P256,
		SSH_KEYTYPE_RSA };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct lab *lab = router();

		make_key(lab, types[i], NULL, true);
		lab_start(lab, true);
		assert_goes(lab, reach(lab));
		transport_ssh.close(&lab->link);
		lab_expect(lab, " auth publickey gatebook ok", 1);
		lab_expect(lab, " auth ", 1);
		lab_end(NULL);
	}
}

static void
goes_on_to_the_password_after_a_refused_key(void **state)
{
	struct lab *lab = router();

	(void)state;
	make_key(lab, SSH_KEYTYPE_ED25519, NULL, false);
	lab_start(lab, true);
	assert_goes(lab, reach(lab));
	transport_ssh.close(&lab->link);
	lab_expect(lab, " auth publickey gatebook refused", 1);
	lab_expect(lab, " auth password gatebook ok", 1);
	lab_expect(lab, " auth ", 2);
}

static void
opens_a_key_with_its_passphrase_only(void **state)
{
	struct lab *lab = router();

	(void)state;
	make_key(lab, SSH_KEYTYPE_ED25519, "long words", true);
	lab_start(lab, true);
	assert_fails(lab, reach(lab), REASON_CREDENTIAL, "needs a passphrase");
	lab->to.secret.key_passphrase = "wrong";
	assert_fails(lab, reach(lab), REASON_CREDENTIAL, "wrong passphrase");
	lab_expect(lab, " auth ", 0);
	lab->to.secret.key_passphrase = "long words";
	assert_goes(lab, reach(lab));
	transport_ssh.close(&lab->link);
	lab->to.secret.key = "-----BEGIN NOTHING-----\n";
	assert_fails(lab, reach(lab), REASON_CREDENTIAL, "not a private key");
}

/* --- ssh-agent
 * ------------------------------------------------------------------------------------ */

static int
run(const char *const *argv, pid_t *background)
{
	pid_t pid = fork();
	int status = 0;

	assert_true(pid >= 0);
	if (pid == 0) {
		int null = open("/dev/null", O_RDWR | O_CLOEXEC);

		(void)dup2(null, STDOUT_FILENO); /* the agent tells its name there */
		(void)execvp(argv[0], (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	if (background) {
		*background = pid;
		return 0;
	}
	(void)waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void
logs_in_through_an_agent(void **state)
{
	struct lab *lab = router();
	char path[128], file[128];
	const char *const agent[] = { "ssh-agent", "-D", "-a", path, NULL };
	const char *const add[] = { "ssh-add", "-q", file, NULL };
	pid_t pid;
	FILE *f;

	(void)state;
	make_key(lab, SSH_KEYTYPE_ED25519, NULL, true);
	lab->to.secret = (struct secret){ .user = "gatebook", .agent = path };
	(void)snprintf(path, sizeof(path), "%s/agent", lab->folder);
	(void)snprintf(file, sizeof(file), "%s/key", lab->folder);
	lab_start(lab, true);
	assert_fails(lab, reach(lab), REASON_CREDENTIAL, "no ssh-agent at /tmp/gatebook-lab-");
	lab_expect(lab, " auth ", 0);
	f = fopen(file, "we");
	assert_non_null(f);
	assert_int_equal(fchmod(fileno(f), 0600), 0);
	(void)fputs(private_key, f);
	(void)fclose(f);
	assert_int_equal(run(agent, &pid), 0);
	for (int i = 0; i < 200 && access(path, F_OK) != 0; i++)
		(void)usleep(10000);
	(void)setenv("SSH_AUTH_SOCK", path, 1);
	assert_int_equal(run(add, NULL), 0);
	(void)unsetenv("SSH_AUTH_SOCK"); /* only the named agent may be asked */
	assert_goes(lab, reach(lab));
	transport_ssh.close(&lab->link);
	(void)kill(pid, SIGTERM);
	(void)waitpid(pid, NULL, 0);
	(void)unlink(path);
	(void)unlink(file);
	lab_expect(lab, " auth publickey gatebook ok", 1);
	lab_expect(lab, " refused", 0);
}

/* --- connections
 * ---------------------------------------------------------------------------------- */

static void
gives_up_on_a_silent_device_in_time(void **state)
{
	static const struct {
		const char *stall;
		enum reason reason;
	} cases[] = { { "connect", REASON_CONNECT }, { "auth", REASON_TIMEOUT },
		{ "shell", REASON_PROMPT } };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct lab *lab = router();
		int64_t began;

		lab_say(lab, "stall %s", cases[i].stall);
		lab_start(lab, true);
		lab->to.connect_ms = i == 0 ? 400 : 5000;
		lab->to.silence_ms = 400;
		began = clock_mono_ms();
		assert_fails(lab, reach(lab), cases[i].reason, "");
		assert_in_range(clock_mono_ms() - began, 300, 3000);
		lab_end(NULL);
	}
}

static void
stops_at_the_deadline(void **state)
{
	struct lab *lab = router();
	int64_t began;

	(void)state;
	lab_say(lab, "stall auth");
	lab_start(lab, true);
	began = clock_mono_ms();
	lab->to.deadline_ms = began + 600;
	assert_fails(lab, reach(lab), REASON_TIMEOUT, "does not answer the login");
	assert_in_range(clock_mono_ms() - began, 300, 2000);
}

static void
names_what_is_no_ssh_server(void **state)
{
	struct lab *lab = router();
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct sockaddr_in where = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof(where);
	pid_t pid;

	(void)state;
	assert_int_equal(bind(fd, (struct sockaddr *)&where, size), 0);
	assert_int_equal(listen(fd, 1), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&where, &size), 0);
	pid = fork();
	if (pid == 0) {
		static const char words[] = "HTTP/1.0 400 no\r\n\r\n\033[2Jbye\n";
		int peer = accept(fd, NULL, NULL);

		(void)!write(peer, words, sizeof(words) - 1);
		_exit(0);
	}
	(void)close(fd);
	lab->to.port = ntohs(where.sin_port);
	lab->to.connect_ms = 1000;
	assert_fails(lab, reach(lab), REASON_CONNECT, "no ssh key exchange");
	(void)kill(pid, SIGKILL);
	(void)waitpid(pid, NULL, 0);
	assert_fails(lab, reach(lab), REASON_CONNECT, "is ssh on and reachable");
	lab->to.host = "r1.example";
	assert_fails(lab, reach(lab), REASON_CONNECT, "r1.example is not a numeric address");
}

/* --- algorithms
 * ------------------------------------------------------------------------------------ */

static void
names_the_profile_that_fits(void **state)
{
	static const struct {
		const char *device, *ours, *why;
	} cases[] = {
		{ "sha1-kex", NULL,
		    "`algorithms: sha1-kex` would fit this device; it offers [diffie" },
		{ "ancient", "modern", "`algorithms: ancient` would fit this device" },
		{ "ancient", "sha1-kex", "`algorithms: ancient` would fit this device" },
		{ "none", "ancient", "`algorithms: modern` would fit this device" },
		{ "sha1-kex", "rot13",
		    "unknown algorithms `rot13`; write modern, sha1-kex or ancient" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct lab *lab = router();

		lab_say(lab, "algorithms %s", cases[i].device);
		lab_say(lab, "hostkey-type %s", cases[i].device[0] == 'n' ? "ed25519" : "rsa");
		lab_start(lab, false);
		lab->to.algorithms = cases[i].ours;
		assert_fails(lab, reach(lab), REASON_CONNECT, cases[i].why);
		lab_expect(lab, " auth ", 0);
		lab_end(NULL);
	}
}

static void
logs_in_with_old_algorithms_when_told(void **state)
{
	static const char *const profiles[][2] = { { "sha1-kex",
						       "diffie-hellman-group14-sha1 aes256-ctr" },
		{ "ancient", "diffie-hellman-group1-sha1 aes128-cbc hmac-sha1" } };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct lab *lab = router();

		lab_say(lab, "algorithms %s", profiles[i][0]);
		lab_say(lab, "hostkey-type rsa");
		lab_start(lab, true);
		lab->to.algorithms = profiles[i][0];
		assert_goes(lab, reach(lab));
		assert_says(lab->link.exchange, profiles[i][1]);
		transport_ssh.close(&lab->link);
		lab_end(NULL);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		lab_test(offers_nothing_to_an_unknown_key),
		lab_test(offers_nothing_to_a_changed_key),
		lab_test(tells_both_keys_when_the_type_changed),
		lab_test(scans_without_a_credential),
		lab_test(offers_a_wrong_password_once),
		lab_test(finds_the_method_the_device_has),
		lab_test(answers_one_password_prompt_only),
		lab_test(answers_no_prompt_that_is_not_for_a_password),
		lab_test(needs_a_credential),
		lab_test(logs_in_with_a_key),
		lab_test(goes_on_to_the_password_after_a_refused_key),
		lab_test(opens_a_key_with_its_passphrase_only),
		lab_test(logs_in_through_an_agent),
		lab_test(gives_up_on_a_silent_device_in_time),
		lab_test(stops_at_the_deadline),
		lab_test(names_what_is_no_ssh_server),
		lab_test(names_the_profile_that_fits),
		lab_test(logs_in_with_old_algorithms_when_told),
	};

	(void)alarm(300);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
