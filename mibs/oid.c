#include <string.h>

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

/* Four at a time: names of one table are the same for most of their length. */
unsigned
oid_common(const uint32_t *a, unsigned n, const uint32_t *b, unsigned m)
{
	unsigned most = n < m ? n : m, i = 0;

	for (; i + 4 <= most; i += 4)
		if (memcmp(a + i, b + i, 4 * sizeof(*a)) != 0)
			break;
	while (i < most && a[i] == b[i])
		i++;
	return i;
}

int
oid_compare(const uint32_t *a, unsigned n, const uint32_t *b, unsigned m)
{
	unsigned i = oid_common(a, n, b, m);

	if (i < n && i < m)
		return a[i] < b[i] ? -1 : 1;
	return (n > m) - (n < m);
}
