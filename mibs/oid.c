#include "mibs/mib.h"

unsigned
oid_parse(struct text t, uint32_t *oid, unsigned most)
{
	unsigned n = 0;
	uint64_t part;

	text_take_char(&t, '.');
	do {
		if (n == most || !text_take_number(&t, UINT32_MAX, &part))
			return 0;
		oid[n++] = (uint32_t)part;
	} while (text_take_char(&t, '.'));
	return t.n == 0 ? n : 0;
}

int
oid_compare(const uint32_t *a, unsigned n, const uint32_t *b, unsigned m)
{
	for (unsigned i = 0; i < n && i < m; i++)
		if (a[i] != b[i])
			return a[i] < b[i] ? -1 : 1;
	return (n > m) - (n < m);
}
