/* Texts of lines and fields. */
#include "inventories/importing.h"

void
import_lines(struct importing *i, const char *path,
    void (*line)(struct importing *i, struct text line, unsigned number, void *arg), void *arg)
{
	struct text all, rest, one;
	unsigned number = 0;

	source_begin(&i->l, strcmp(path, "-") == 0 ? "standard input" : path);
	if (!source_bytes(&i->l, path, &all))
		return;
	rest = all;
	while (rest.n > 0 && text_take_line(&rest, &one)) {
		struct text trimmed = text_trim(one);

		number++;
		if (trimmed.n > 0 && trimmed.s[0] != '#')
			line(i, one, number, arg);
	}
	free((void *)(uintptr_t)all.s);
}

size_t
import_split(struct text line, char separator, struct text *fields, size_t most)
{
	size_t n = 0;

	while (n < most && text_take_until(&line, separator, &fields[n])) {
		fields[n] = text_trim(fields[n]);
		n++;
	}
	if (n < most)
		fields[n++] = text_trim(line);
	return n;
}

const char *
import_jump(struct importing *i, struct text t)
{
	struct text first = t, user, host;

	while (t.n > 0 && strchr("\"'= ", t.s[0]))
		t = (struct text){ t.s + 1, t.n - 1 };
	for (first = t, t.n = 0; t.n < first.n && !strchr(", \"'", first.s[t.n]); t.n++)
		;
	text_take(&t, "ssh://");
	text_take_until(&t, '@', &user);
	host = t;
	if (text_take_char(&t, '['))
		text_take_until(&t, ']', &host);
	else if (text_take_until(&t, ':', &host) && memchr(t.s, ':', t.n))
		host = (struct text){ host.s, host.n + 1 + t.n }; /* an IPv6 address */
	return host.n == 0 || text_is_nocase(host, "none") ? NULL : import_text(i, host);
}
