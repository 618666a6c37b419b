/* One GET after the other from an API: verified, bounded, without redirects, and gentle.
 *
 * libcurl is loaded when an import needs it: linked, it and its twenty libraries would make every
 * start of the program, every question, two thirds dearer (5.5 ms of CPU become 9.2). */
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>
#undef curl_easy_setopt
#undef curl_easy_getinfo

#include <dlfcn.h>
#include <stddef.h>
#include <unistd.h>

#include "base/clock.h"
#include "inventories/importing.h"
#include "inventories/secret.h"

struct body {
	char *s;
	size_t n, room;
	bool full;
};

struct http {
	struct importing *i;
	void *library;
	__typeof__(curl_easy_init) *init;
	__typeof__(curl_easy_cleanup) *cleanup;
	__typeof__(curl_easy_setopt) *set;
	__typeof__(curl_easy_getinfo) *get;
	__typeof__(curl_easy_perform) *perform;
	__typeof__(curl_easy_strerror) *complaint;
	__typeof__(curl_slist_append) *append;
	__typeof__(curl_slist_free_all) *free_list;
	CURL *curl;
	struct curl_slist *headers;
	char why[CURL_ERROR_SIZE];
	struct body body;
	unsigned waits;
};

struct text
http_origin(const char *url)
{
	struct text all = text_of(url), rest = all, before;

	if (!text_take_until(&rest, ':', &before) || !text_take(&rest, "//"))
		return text_of("");
	while (rest.n > 0 && !strchr("/?#", rest.s[0]))
		rest = (struct text){ rest.s + 1, rest.n - 1 };
	all.n -= rest.n;
	return all;
}

/* --- the library ------------------------------------------------------------------------------ */

static bool
load(struct http *h)
{
	const struct {
		const char *name;
		void *place;
	} symbols[] = { { "curl_easy_init", &h->init }, { "curl_easy_cleanup", &h->cleanup },
		{ "curl_easy_setopt", &h->set }, { "curl_easy_getinfo", &h->get },
		{ "curl_easy_perform", &h->perform }, { "curl_easy_strerror", &h->complaint },
		{ "curl_slist_append", &h->append }, { "curl_slist_free_all", &h->free_list } };

	h->library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
	for (size_t n = 0; h->library && n < sizeof symbols / sizeof symbols[0]; n++) {
		void *found = dlsym(h->library, symbols[n].name);

		if (!found)
			return false;
		memcpy(symbols[n].place, &found, sizeof found);
	}
	return h->library != NULL;
}

static size_t
receive(char *bytes, size_t size, size_t n, void *arg)
{
	struct body *b = arg;

	(void)size; /* is 1 */
	if (n > LIMIT_IMPORT - b->n) {
		b->full = true;
		return 0;
	}
	while (b->room < b->n + n) {
		b->room = b->room ? b->room * 2 : 65536;
		b->s = mem_grow(b->s, b->room, 1);
	}
	memcpy(b->s + b->n, bytes, n);
	b->n += n;
	return n;
}

/* --- who may hear the token ------------------------------------------------------------------- */

static bool
is_here(struct text host)
{
	return text_starts(host, "127.") || text_is(host, "localhost") || text_is(host, "[::1]");
}

/* The host of an origin, without its port. */
static struct text
host_of(struct text origin)
{
	struct text before, host;

	text_take_until(&origin, '/', &before);
	text_take_char(&origin, '/');
	host = origin;
	for (size_t n = origin.n; n > 0 && origin.s[n - 1] != ']'; n--)
		if (origin.s[n - 1] == ':') {
			host.n = n - 1;
			break;
		}
	return host;
}

/* A server's own link is as little trusted as what people type. */
static bool
check_bytes(struct importing *i, const char *url)
{
	for (const char *c = url; *c; c++)
		if (*c <= ' ' || *c > '~')
			return error_exit(&i->err, EXIT_USAGE,
				   "a URL has no blanks and no other letters than ASCII") == 0;
	return true;
}

static bool
check_url(struct importing *i, const char *url)
{
	struct text origin = http_origin(url);

	if (!check_bytes(i, url))
		return false;
	if (memchr(origin.s, '@', origin.n))
		error_exit(&i->err, EXIT_USAGE,
		    "a password in a URL stays in histories and logs: leave it out, and give a "
		    "reference: --token file:PATH");
	else if (!text_starts(origin, "https://") && !text_starts(origin, "http://"))
		error_exit(&i->err, EXIT_USAGE, "%s: https:// and http:// are understood", url);
	else if (text_starts(origin, "http://") && i->order->token && !is_here(host_of(origin)))
		error_exit(&i->err, EXIT_USAGE,
		    "%.*s: the token would go over the network for all to read: use https://",
		    (int)origin.n, origin.s);
	return import_good(i);
}

/* "Authorization: Token KEY"; a token of NetBox 4.5 (nbt_ID.SECRET) is a bearer's. */
static bool
put_token(struct http *h, const char *header)
{
	struct importing *i = h->i;
	char *token, *line;
	size_t n;

	token = secret_read(i->order->token, false, &i->err);
	if (!token)
		return false;
	if (strcmp(header, "Authorization: Token ") == 0 && text_starts(text_of(token), "nbt_"))
		header = "Authorization: Bearer ";
	n = strlen(header) + strlen(token) + 1;
	line = mem_alloc(n, 1);
	snprintf(line, n, "%s%s", header, token);
	h->headers = h->append(h->headers, line);
	explicit_bzero(line, n);
	free(line);
	secret_wipe(token);
	return true;
}

static void
set_up(struct http *h)
{
	const struct import_order *order = h->i->order;

	h->set(h->curl, CURLOPT_HTTPHEADER, h->headers);
	h->set(h->curl, CURLOPT_PROTOCOLS_STR, "https,http");
	h->set(h->curl, CURLOPT_FOLLOWLOCATION, 0L);
	h->set(h->curl, CURLOPT_SSL_VERIFYPEER, 1L);
	h->set(h->curl, CURLOPT_SSL_VERIFYHOST, 2L);
	h->set(h->curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	h->set(h->curl, CURLOPT_CONNECTTIMEOUT_MS, (long)LIMIT_CONNECT_MS);
	h->set(h->curl, CURLOPT_TIMEOUT_MS, (long)LIMIT_HTTP_MS);
	h->set(h->curl, CURLOPT_NOSIGNAL, 1L);
	h->set(h->curl, CURLOPT_USERAGENT, "gatebook/" GATEBOOK_VERSION);
	h->set(h->curl, CURLOPT_ERRORBUFFER, h->why);
	h->set(h->curl, CURLOPT_WRITEFUNCTION, receive);
	h->set(h->curl, CURLOPT_WRITEDATA, &h->body);
	if (order->cacert)
		h->set(h->curl, CURLOPT_CAINFO, order->cacert);
}

struct http *
http_new(struct importing *i, const char *header)
{
	struct http *h;

	/* An answer that was saved is read as it would have come. */
	bool saved = !import_is_url(i->order->source) && access(i->order->source, F_OK) == 0;

	if (!saved && !check_url(i, i->order->source))
		return NULL;
	h = mem_alloc(1, sizeof *h);
	h->i = i;
	if (saved)
		return h;
	if (!load(h)) {
		error_set(&i->err, "libcurl is not installed: apt-get install libcurl4");
		http_free(h);
		return NULL;
	}
	h->headers = h->append(NULL, "Accept: application/json");
	if (i->order->token && !put_token(h, header)) {
		http_free(h);
		return NULL;
	}
	h->curl = h->init();
	if (!h->curl) {
		error_set(&i->err, "libcurl cannot be started");
		http_free(h);
		return NULL;
	}
	set_up(h);
	return h;
}

void
http_free(struct http *h)
{
	if (!h)
		return;
	if (h->curl)
		h->cleanup(h->curl);
	for (struct curl_slist *one = h->headers; one; one = one->next)
		explicit_bzero(one->data, strlen(one->data));
	if (h->headers)
		h->free_list(h->headers);
	free(h->body.s);
	/* The library stays: OpenSSL's threads of it may have run exit handlers. */
	free(h);
}

/* --- one request ------------------------------------------------------------------------------ */

/* What the server says of itself, for the message: the first bytes, printable. */
static const char *
said(const struct http *h, char out[static 128])
{
	size_t n = 0;

	while (n < h->body.n && n < 100 && (unsigned char)h->body.s[n] >= 0x20)
		n++;
	text_escape((struct text){ h->body.s, n }, out, 128);
	return out;
}

static bool
explain(struct http *h, const char *url, long status)
{
	struct error *err = &h->i->err;
	char words[128];

	said(h, words);
	if (status == 401 || status == 403)
		error_exit(err, EXIT_AUTH, "%s: refused with %ld: %s. Not tried again: see --token",
		    url, status, words);
	else if (status >= 300 && status < 400)
		error_set(err, "%s: sends us elsewhere (%ld): name the place itself", url, status);
	else if (status == 404)
		error_set(err, "%s: not found (404): is that the base URL, up to /api/?", url);
	else if (status == 429 || status == 503)
		error_set(err, "%s: too busy (%ld): nothing was changed, try later", url, status);
	else
		error_set(err, "%s: answered %ld: %s. Nothing was changed", url, status, words);
	return false;
}

static bool
wait_a_while(struct http *h, long status)
{
	curl_off_t seconds = 0;

	h->get(h->curl, CURLINFO_RETRY_AFTER, &seconds);
	if (status != 429 && (status != 503 || seconds == 0))
		return false;
	if (seconds == 0)
		seconds = 1;
	if (h->waits == LIMIT_HTTP_WAITS || seconds > LIMIT_HTTP_WAIT_S)
		return false;
	h->waits++;
	nanosleep(&(struct timespec){ .tv_sec = seconds }, NULL);
	return true;
}

static bool
fetch(struct http *h, const char *url)
{
	long status = 0;
	CURLcode rc;

	do {
		h->body.n = 0;
		h->body.full = false;
		h->why[0] = '\0';
		h->set(h->curl, CURLOPT_URL, url);
		rc = h->perform(h->curl);
		if (h->body.full)
			return error_set(&h->i->err, "%s: more than %d MiB", url,
				   LIMIT_IMPORT >> 20) == 0;
		if (rc == CURLE_PEER_FAILED_VERIFICATION)
			return error_set(&h->i->err,
				   "%s: %s. Its authority is not known here: --cacert FILE names "
				   "one",
				   url, h->why[0] ? h->why : h->complaint(rc)) == 0;
		if (rc != CURLE_OK)
			return error_set(&h->i->err, "%s: %s", url,
				   h->why[0] ? h->why : h->complaint(rc)) == 0;
		h->get(h->curl, CURLINFO_RESPONSE_CODE, &status);
	} while (wait_a_while(h, status));
	return status == 200 || explain(h, url, status);
}

json_t *
http_get(struct http *h, const char *url)
{
	json_error_t wrong;
	char words[128];
	json_t *root;

	if (!h->curl)
		return import_json(h->i, h->i->order->source);
	if (!check_bytes(h->i, url) || !fetch(h, url))
		return NULL;
	root = json_loadb(h->body.s ? h->body.s : "", h->body.n, JSON_REJECT_DUPLICATES, &wrong);
	if (!root)
		error_set(&h->i->err, "%s: answered no JSON, but: %s", url, said(h, words));
	return root;
}
