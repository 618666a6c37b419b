/* gatebook init: a configuration to edit. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/ledger.h"

static const char settings[] =
    "# What to keep and how gently to ask. Every key with its meaning: inventories/README.md\n"
    "# Paths are relative to this folder. After a change: gatebook inventory check\n"
    "\n"
    "# Which addresses are inside. 'private' is RFC 1918, RFC 4193 and RFC 6598; add your public\n"
    "# prefixes, and \"!PREFIX\" for what is not yours in spite of it.\n"
    "internal:\n"
    "  - private\n"
    "# - 203.0.113.0/24\n"
    "# - \"!10.99.0.0/16\"\n"
    "\n"
    "# Accounts, by name. A secret is a reference: file:PATH, env:NAME, systemd:NAME, "
    "exec:/PROGRAM;\n"
    "# a key can also be 'agent'. Write the password of this one with:\n"
    "#   (umask 077; cat > secrets/ro)\n"
    "credentials:\n"
    "  ro:\n"
    "    user: gatebook\n"
    "    password: file:secrets/ro\n"
    "#   key: file:secrets/id_ed25519\n"
    "\n"
    "# Gentleness. These are the defaults.\n"
    "limits:\n"
    "  jobs: 32              # polls at the same time\n"
    "  logins_per_second: 5  # towards the AAA servers, all devices together\n"
    "  poll_timeout: 3m      # one poll, from connection to logout\n"
    "  silence: 60s          # no byte while a reply is due\n"
    "# sessions: 500000      # a device that counts more is not asked for its table\n"
    "\n"
    "# The ledger's heads are signed with secrets/ledger.key; whoever verifies keeps "
    "ledger.key.pub.\n"
    "# ledger:\n"
    "#   heads: /mnt/elsewhere/heads  # each signed head is appended here too\n"
    "\n"
    "# How long closed sessions are kept: days, or 'forever'.\n"
    "retention:\n"
    "  sessions: 400d\n";

static const char example
    [] = "# Devices. Any number of files in this folder; a name is used once in all of them.\n"
	 "\n"
	 "# What the devices of this file share unless they say otherwise.\n"
	 "defaults:\n"
	 "  credential: ro\n"
	 "  every: 5m  # 'off': by hand only\n"
	 "\n"
	 "devices:\n"
	 "  - name: edge-r1\n"
	 "    host: 192.0.2.1      # address or host name\n"
	 "    platform: cisco_ios  # a name of: gatebook driver list\n"
	 "    site: berlin\n"
	 "    tags: [edge]\n"
	 "\n"
	 "# - name: this-machine\n"
	 "#   platform: linux\n"
	 "#   transport: local  # no login: the commands run here\n";

/* Creates what must not be there yet. */
static int
write_new(const char *path, const char *text, struct error *err)
{
	size_t n = strlen(text);
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0)
		return error_set(err, "%s: cannot be written: %s", path, strerror(errno));
	if (write(fd, text, n) != (ssize_t)n || fsync(fd) != 0) {
		error_set(err, "%s: cannot be written: %s", path, strerror(errno));
		(void)close(fd);
		(void)unlink(path);
		return -1;
	}
	(void)close(fd);
	return 0;
}

static int
make_folder(const char *path, struct error *err)
{
	if (mkdir(path, 0700) == 0 || errno == EEXIST)
		return 0;
	return error_set(err, "%s: cannot be made: %s", path, strerror(errno));
}

/* Before anything is written: what is there already is somebody's work. */
static int
refuse_if_there(const char *path, struct error *err)
{
	struct stat st;

	if (lstat(path, &st) != 0)
		return 0;
	return error_set(
	    err, "%s exists and is not overwritten: gatebook init DIR writes elsewhere", path);
}

static int
write_all(struct arena *arena, const char *dir, struct error *err)
{
	const char *main_file = arena_printf(arena, "%s/gatebook.yml", dir);
	const char *folder = arena_printf(arena, "%s/inventory.d", dir);
	const char *inventory = arena_printf(arena, "%s/inventory.d/example.yml", dir);
	const char *secrets = arena_printf(arena, "%s/secrets", dir);
	const char *key = arena_printf(arena, "%s/secrets/ledger.key", dir);

	if (refuse_if_there(main_file, err) != 0 || refuse_if_there(inventory, err) != 0)
		return -1;
	if (make_folder(dir, err) != 0 || make_folder(folder, err) != 0 ||
	    make_folder(secrets, err) != 0)
		return -1;
	if (access(key, F_OK) != 0 && ledger_key_make(key, err) < 0)
		return -1;
	/* gatebook.yml last: where it is, the rest is too. */
	if (write_new(inventory, example, err) != 0)
		return -1;
	if (write_new(main_file, settings, err) != 0) {
		(void)unlink(inventory);
		return -1;
	}
	return 0;
}

static int
run(struct call *call)
{
	const char *dir = call->n > 0 ? call->words[0] : call->dir;
	bool here = strcmp(dir, ".") == 0;
	struct arena arena = { 0 };
	struct error err = { 0 };
	int rc;

	if (call->n > 1)
		error_exit(&err, EXIT_USAGE, "init takes one folder");
	rc = call->n > 1 ? -1 : write_all(&arena, dir, &err);
	arena_free(&arena);
	if (rc != 0)
		return cli_fail(&err, EXIT_FAILED);
	if (call->quiet)
		return EXIT_OK;
	printf("wrote %s/gatebook.yml, %s/inventory.d/example.yml\nnext:\n", dir, dir);
	if (!here)
		printf("  cd %s\n", dir);
	printf("  $EDITOR gatebook.yml inventory.d/example.yml\n"
	       "  gatebook inventory check\n"
	       "  gatebook hostkey scan\n");
	return EXIT_OK;
}

const struct cli_command cli_init = {
	.name = "init",
	.synopsis = "[DIR]",
	.summary = "Write a configuration to edit",
	.text = "Makes DIR (default: the working folder) with gatebook.yml, "
		"inventory.d/example.yml and "
		"a folder for secrets with the key that signs the ledger, readable by you alone. "
		"Nothing that exists is overwritten.",
	.example = "gatebook init book\ncd book && gatebook inventory check",
	.run = run,
};
