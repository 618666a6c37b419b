#include "cli/contact_row.h"

enum {
	C_HOST,
	C_OUTSIDE,
	C_PORT,
	C_PROTO,
	C_STARTED_BY,
	C_FIRST_AFTER,
	C_FIRST_BY,
	C_LAST_FROM,
	C_LAST_BY,
	C_OPEN,
	C_SESSIONS,
	C_BYTES,
	C_BY,
	C_COLUMNS
};
_Static_assert((int)C_COLUMNS == (int)CONTACT_COLUMNS_N, "one for each column");

void
put_service(struct writer *w, int column, int32_t port, uint16_t proto)
{
	char text[40];

	if (port >= 0) {
		writer_number(w, column, (uint64_t)port);
		snprintf(text, sizeof(text), "%d/%s", (int)port, proto_name(proto));
	} else {
		snprintf(text, sizeof(text), "-/%s", proto_name(proto));
	}
	writer_show(w, column, text);
	if (proto != PROTO_NONE)
		writer_text(w, column + 1, text_of(proto_name(proto)));
}

void
put_contact(struct writer *w, int first, const struct question *q, const struct contact *c)
{
	uint64_t bytes;

	writer_addr(w, first + C_HOST, &c->key.inside);
	writer_addr(w, first + C_OUTSIDE, &c->key.outside);
	put_service(w, first + C_PORT, c->key.port, c->key.proto);
	writer_text(w, first + C_STARTED_BY, text_of(initiator_name(c->key.initiator)));
	put_start(w, first + C_FIRST_AFTER, c->first_after, c->first_by, q->range.utc);
	put_end(w, first + C_LAST_FROM, c->last_from, c->last_by, q->range.utc);
	writer_bool(w, first + C_OPEN, c->open);
	writer_number(w, first + C_SESSIONS, contact_sessions(c));
	if (contact_bytes(c, &bytes))
		put_bytes(w, first + C_BYTES, bytes);
	put_devices(w, first + C_BY, q->reader, c);
	writer_row(w);
}
