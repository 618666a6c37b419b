/* NetBox and Nautobot: devices in pages, each naming the next. */
#include "inventories/importing.h"

void
import_address(struct importing *i, struct candidate *c, const char *address)
{
	struct text t = text_of(address), host;

	if (address)
		c->host = import_text(i, text_take_until(&t, '/', &host) ? host : t);
	else
		c->problem = "it has no primary address";
}

/* The token goes to the server it was given for, and nowhere else. */
static bool
next_page(struct importing *i, const json_t *page, const char *first, const char **url)
{
	const char *next = json_at(i, page, "next");
	struct text here = http_origin(first), there;

	*url = next;
	if (!next)
		return true;
	if (!import_is_url(first)) {
		error_set(&i->err, "%s is one page of several: save it with a limit that holds all",
		    i->order->source);
		return false;
	}
	there = http_origin(next);
	if (text_equal(here, there))
		return true;
	error_set(&i->err,
	    "%.*s says its next page is at %.*s: that is another server, or its proxy does not "
	    "tell "
	    "it what it is called (X-Forwarded-Proto, X-Forwarded-Host)",
	    (int)here.n, here.s, (int)there.n, there.s);
	return false;
}

static bool
read_page(struct importing *i, const json_t *page, const char *url, size_t *seen,
    void (*device)(struct importing *i, const json_t *one))
{
	const json_t *results = json_object_get(page, "results");
	json_int_t count = json_integer_value(json_object_get(page, "count"));
	size_t n = json_array_size(results);

	if (!json_is_array(results)) {
		error_set(&i->err, "%s: answered no list of devices", url);
		return false;
	}
	for (size_t k = 0; k < n; k++)
		device(i, json_array_get(results, k));
	*seen += n;
	if (*seen > (size_t)count || (n == 0 && json_is_string(json_object_get(page, "next"))))
		error_set(&i->err, "%s: pages without an end: %zu devices so far, of %lld", url,
		    *seen, (long long)count);
	else if (!json_is_string(json_object_get(page, "next")) && *seen != (size_t)count)
		error_set(&i->err, "%s: only %zu of %lld devices came: try again", url, *seen,
		    (long long)count);
	return import_good(i);
}

bool
import_pages(struct importing *i, struct http *h, const char *path,
    void (*device)(struct importing *i, const json_t *one))
{
	const char *source = i->order->source, *url, *first;
	struct text base = text_of(source);
	size_t seen = 0;

	while (base.n > 0 && base.s[base.n - 1] == '/')
		base.n--;
	/* A URL of the API itself brings its own filter. */
	url = text_contains(base, "/api/") || !import_is_url(source)
		  ? source
		  : arena_printf(&i->l.config->arena, "%.*s%s", (int)base.n, base.s, path);
	first = url;
	while (url) {
		json_t *page = http_get(h, url);
		bool good = page && read_page(i, page, url, &seen, device) &&
			    next_page(i, page, first, &url);

		json_decref(page);
		if (!good)
			return false;
	}
	return true;
}
