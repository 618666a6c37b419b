#include <string.h>

#include "mibs/mib.h"

#define MIB(name) extern const struct mib mib_##name;
#include "mibs/list.h"
#undef MIB

#define MIB(name) &mib_##name,
const struct mib *const mibs[] = {
#include "mibs/list.h"
};
#undef MIB

const unsigned mibs_count = sizeof(mibs) / sizeof(mibs[0]);

const struct mib_table *
mib_table_find(struct text name)
{
	for (unsigned i = 0; i < mibs_count; i++)
		for (const struct mib_table *t = mibs[i]->tables; t->name; t++)
			if (text_is_nocase(name, t->name))
				return t;
	return NULL;
}

const struct mib_table *
mib_table_of(const uint32_t *oid, unsigned n, unsigned *entry)
{
	const struct mib_table *found = NULL;
	uint32_t prefix[LIMIT_OID];

	*entry = 0;
	for (unsigned i = 0; i < mibs_count; i++)
		for (const struct mib_table *t = mibs[i]->tables; t->name; t++) {
			unsigned length = oid_parse(text_of(t->oid), prefix, LIMIT_OID);

			if (length < n && length > *entry &&
			    oid_compare(oid, length, prefix, length) == 0) {
				*entry = length;
				found = t;
			}
		}
	return found;
}
