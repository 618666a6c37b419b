/* gatebook version: what this program is made of. */
#include <jansson.h>
#include <libsmartcols.h>
#include <libssh/libssh.h>
#include <libxml/parser.h>
#include <openssl/crypto.h>
#include <seccomp.h>
#include <sqlite3.h>
#include <yaml.h>

#include "cli/command.h"

#ifndef GATEBOOK_COMMIT
#define GATEBOOK_COMMIT ""
#endif

static const struct column columns[] = {
	{ "name", "NAME", CELL_TEXT },
	{ "version", "VERSION", CELL_TEXT },
	{ "commit", "COMMIT", CELL_TEXT, .wide = true },
	{ NULL },
};

static void
row(struct writer *w, const char *name, const char *version)
{
	writer_text(w, 0, text_of(name));
	writer_text(w, 1, text_of(version));
	writer_row(w);
}

/* xmlParserVersion is "20914", maybe with a tail, for 2.9.14. */
static void
xml_version(char *out, size_t size)
{
	struct text t = text_of(xmlParserVersion);
	uint64_t n = 0;

	text_take_number(&t, 99999999, &n);
	snprintf(out, size, "%u.%u.%u", (unsigned)(n / 10000), (unsigned)(n / 100 % 100),
	    (unsigned)(n % 100));
}

static void
libraries(struct writer *w)
{
	const struct scmp_version *seccomp = seccomp_version();
	const char *smartcols = "";
	char text[40];

	row(w, "jansson", jansson_version_str());
	row(w, "libcrypto", OpenSSL_version(OPENSSL_FULL_VERSION_STRING));
	snprintf(text, sizeof(text), "%u.%u.%u", seccomp->major, seccomp->minor, seccomp->micro);
	row(w, "libseccomp", text);
	scols_get_library_version(&smartcols);
	row(w, "libsmartcols", smartcols);
	row(w, "libssh", ssh_version(0));
	xml_version(text, sizeof(text));
	row(w, "libxml2", text);
	row(w, "libyaml", yaml_get_version_string());
	row(w, "sqlite", sqlite3_libversion());
}

static int
run(struct call *call)
{
	bool human = call->form == WRITE_TABLE || call->form == WRITE_WIDE;
	struct error err = { 0 };
	struct writer *w;

	if (human)
		call->no_headers = true;
	w = call_writer(call, columns, &err);
	if (w == NULL)
		return cli_fail(&err, EXIT_USAGE);
	if (*GATEBOOK_COMMIT != '\0')
		writer_text(w, 2, text_of(GATEBOOK_COMMIT));
	row(w, "gatebook", GATEBOOK_VERSION);
	libraries(w);
	return writer_end(w, NULL) < 0 ? EXIT_FAILED : EXIT_OK;
}

const struct cli_command cli_version = {
	.name = "version",
	.synopsis = "",
	.summary = "Print the version, the commit it was built from, and the libraries in use",
	.text = "The libraries are those the running program has loaded, not those it was built "
		"with.",
	.example = "gatebook version\ngatebook version -j",
	.flags = CLI_OUTPUT,
	.run = run,
};
