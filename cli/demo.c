/* gatebook demo: finds the demo's script beside the program, gives it namespaces where there are
 * any, runs it. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/command.h"

/* The folder of the running program, without the slash. */
static int
program_folder(char out[static PATH_MAX], struct error *err)
{
	ssize_t n = readlink("/proc/self/exe", out, PATH_MAX - 1);
	char *slash;

	if (n <= 0)
		return error_set(err, "cannot find the program's own folder: %s", strerror(errno));
	out[n] = 0;
	slash = strrchr(out, '/');
	if (slash)
		*slash = 0;
	return 0;
}

static int
run(struct call *call)
{
	char folder[PATH_MAX], program[PATH_MAX + 16], device[PATH_MAX + 16];
	char script[PATH_MAX + 32], lab[PATH_MAX + 32];
	const char *book = call->n > 0 ? call->words[0] : "gatebook-demo";
	struct error err = { 0 };
	struct stat st;

	if (program_folder(folder, &err) != 0)
		return cli_fail(&err, EXIT_FAILED);
	(void)snprintf(program, sizeof(program), "%s/gatebook", folder);
	(void)snprintf(device, sizeof(device), "%s/sshdev", folder);
	(void)snprintf(script, sizeof(script), "%s/../etc/demo/start.sh", folder);
	(void)snprintf(lab, sizeof(lab), "%s/../tests/lab", folder);
	if (access(script, R_OK) != 0 || access(device, X_OK) != 0) {
		(void)error_set(&err,
		    "the demo needs its script and the scripted devices of a source tree "
		    "(%s, %s): run `make demo` there",
		    script, device);
		return cli_fail(&err, EXIT_FAILED);
	}
	if (stat(book, &st) == 0 && !call_value(call, "force")) {
		(void)error_exit(&err, EXIT_USAGE,
		    "%s is there already: remove it, name another folder (gatebook demo DIR), or "
		    "look at it "
		    "with: gatebook -C %s who 203.0.113.0/24",
		    book, book);
		return cli_fail(&err, EXIT_USAGE);
	}
	(void)execl("/bin/sh", "sh", script, program, device, lab, book, (char *)NULL);
	(void)error_set(&err, "cannot run %s: %s", script, strerror(errno));
	return cli_fail(&err, EXIT_FAILED);
}

static const struct option_row options[] = {
	{ "force", 0, NULL, "go on in a folder that is there" }, { NULL }
};

const struct cli_command cli_demo = { .name = "demo",
	.synopsis = "[DIR]",
	.summary = "Poll scripted routers and a real firewall on this machine, then ask who talked "
		   "outside",
	.text = "Starts two scripted routers on loopback and, where the kernel gives network "
		"namespaces, a real "
		"firewall with real traffic behind a real sshd; polls them twice; asks. It ends by "
		"itself and "
		"leaves nothing running. The book stays in DIR (default: gatebook-demo).",
	.example = "gatebook demo\ngatebook -C gatebook-demo who 203.0.113.9",
	.options = options,
	.run = run };
