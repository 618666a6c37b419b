/* A text as YAML reads it back: plain where it may stand so, in quotes elsewhere. */
#include "inventories/config.h"

/* Needs no quotes: no indicator of YAML's in it, and no word that means nothing. */
static bool
is_plain(struct text t)
{
	bool plain = t.n > 0 && t.s[0] != '-' && !text_is(t, "null");

	for (size_t n = 0; n < t.n && plain; n++) {
		char c = t.s[n];
		bool letter = ((c | 32) >= 'a' && (c | 32) <= 'z') || (c >= '0' && c <= '9');

		plain = letter || strchr("._/-", c) ||
			(n > 0 && n + 1 < t.n && strchr(":@+", c) && t.s[n + 1] != ' ');
	}
	return plain;
}

void
config_put_text(FILE *out, struct text t)
{
	if (is_plain(t)) {
		fwrite(t.s, 1, t.n, out);
		return;
	}
	fputc('"', out);
	for (size_t n = 0; n < t.n; n++) {
		if (t.s[n] == '"' || t.s[n] == '\\')
			fputc('\\', out);
		if ((unsigned char)t.s[n] < 0x20)
			fprintf(out, "\\x%02X", (unsigned char)t.s[n]);
		else
			fputc(t.s[n], out);
	}
	fputc('"', out);
}
