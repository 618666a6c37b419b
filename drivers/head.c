/* Heads: lines that say something of the rows below them, "node0:", "Slot 1:". */
#include "drivers/engine.h"

enum { TEXTS = 22 };

static void
list_texts(struct observation *o, struct text *list[TEXTS])
{
	struct text *texts[TEXTS] = { &o->near_service, &o->far_service, &o->state, &o->app,
		&o->user, &o->place, &o->near_iface, &o->far_iface, &o->mac, &o->more.vlan,
		&o->more.tty, &o->more.from, &o->more.kind, &o->more.client, &o->more.remote,
		&o->more.opens, &o->more.event, &o->more.nas, &o->more.task, &o->more.cmd,
		&o->more.time, &o->more.host };

	memcpy(list, texts, sizeof(texts));
}

/* The texts of all heads that hold, one behind the other; the buffers take turns, as those of the
 * head before lie in the other one. */
static bool
keep_texts(struct head *head, struct observation *o)
{
	char *room = head->text[head->turn ^ 1];
	size_t used = 0;
	struct text *texts[TEXTS];

	list_texts(o, texts);
	for (unsigned i = 0; i < TEXTS; i++) {
		if (texts[i]->n == 0)
			continue;
		if (texts[i]->n > sizeof(head->text[0]) - used)
			return false;
		memcpy(room + used, texts[i]->s, texts[i]->n);
		texts[i]->s = room + used;
		used += texts[i]->n;
	}
	head->turn ^= 1;
	return true;
}

/* A head ends the record above it. What an outer head said stays until another says otherwise. */
bool
head_take(struct reply *reply, struct text line)
{
	const struct patterns *heads = &reply->program->heads;

	const char *begin = text_begin(line);
	uint64_t set = heads->begins[(unsigned char)*begin];
	const struct pattern *p;

	while ((p = next_pattern(heads, &set, begin)) != NULL) {
		struct observation o = { 0 };
		struct found found = { 0 };

		reply_fresh(reply, &o);
		if (!pattern_match(p, line, &o, &found))
			continue;
		reply_close_record(reply, true);
		if (!reply->head)
			reply->head = mem_alloc(1, sizeof(*reply->head));
		if (!keep_texts(reply->head, &o))
			return false;
		reply->head->o = o;
		return true;
	}
	return false;
}
