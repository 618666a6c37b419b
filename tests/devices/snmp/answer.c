/* A datagram in, a datagram out (RFC 3416; v3: RFC 3412, 3414). */
#include <string.h>
#include <time.h>

#include "tests/devices/snmp/snmpdev.h"

enum { V2C = 1, V3 = 3, AUTH = 1, PRIV = 2, USM = 3, BOOTS = 7, WINDOW = 150, PIECES = 4096 };

/* usmStats (RFC 3414, 5) */
enum { NOT_IN_WINDOW = 2, UNKNOWN_USER = 3, UNKNOWN_ENGINE = 4, WRONG_DIGEST = 5 };

struct request {
	int64_t version, id, message_id, boots, seconds, first, second; /* of the PDU */
	uint8_t flags, pdu;
	struct in engine, user, tag, salt, names;
	struct in context_engine, context;
	unsigned report; /* what is wrong; 0: nothing */
	uint8_t own[ENGINE_ID], auth[KEY], priv[KEY];
};

/* One varbind of an answer: what the walk has, or a name that nothing follows. */
struct piece {
	const uint8_t *bytes;
	size_t n;
};

static bool
is_same(struct in a, const void *bytes, size_t n)
{
	return (size_t)(a.end - a.at) == n && memcmp(a.at, bytes, n) == 0;
}

/* --- reading ---------------------------------------------------------------------------------- */

static bool
read_pdu(struct in in, struct request *r)
{
	struct in pdu;

	if (in.at == in.end)
		return false;
	r->pdu = *in.at;
	return in_take(&in, r->pdu, &pdu) && in_number(&pdu, &r->id) &&
	       in_number(&pdu, &r->first) && in_number(&pdu, &r->second) &&
	       in_take(&pdu, T_SEQUENCE, &r->names);
}

static int64_t
engine_time(const struct agent *agent)
{
	return time(NULL) - agent->began + 1000;
}

/* 80001f88 01 ADDRESS (RFC 3411, SnmpEngineID) */
static void
find_keys(const struct agent *agent, const uint8_t *address, struct request *r)
{
	static const uint8_t head[ENGINE_ID - 4] = { 0x80, 0x00, 0x1f, 0x88, 0x01 };

	memcpy(r->own, head, sizeof(head));
	memcpy(r->own + sizeof(head), address, 4);
	if (r->flags & AUTH)
		key_localise(agent->auth, r->own, r->auth);
	if (r->flags & PRIV)
		key_localise(agent->priv, r->own, r->priv);
}

static void
check_user(const struct agent *agent, uint8_t *datagram, size_t n, struct request *r)
{
	uint8_t theirs[TAG], ours[TAG];
	int64_t late;

	if (!is_same(r->engine, r->own, ENGINE_ID)) {
		r->report = UNKNOWN_ENGINE;
		return;
	}
	if (!is_same(r->user, agent->user, strlen(agent->user)) || r->flags != (AUTH | PRIV)) {
		r->report = UNKNOWN_USER;
		return;
	}
	if (r->tag.end - r->tag.at != TAG || r->salt.end - r->salt.at != 8) {
		r->report = WRONG_DIGEST;
		return;
	}
	memcpy(theirs, r->tag.at, TAG);
	memset(datagram + (r->tag.at - datagram), 0, TAG);
	message_sign(r->auth, datagram, n, ours);
	late = r->seconds - engine_time(agent);
	if (memcmp(theirs, ours, TAG) != 0)
		r->report = WRONG_DIGEST;
	else if (r->boots != BOOTS || late > WINDOW || late < -WINDOW)
		r->report = NOT_IN_WINDOW;
}

static bool
read_scoped(struct in in, struct request *r)
{
	struct in scoped;

	return in_take(&in, T_SEQUENCE, &scoped) &&
	       in_take(&scoped, T_OCTETS, &r->context_engine) &&
	       in_take(&scoped, T_OCTETS, &r->context) && read_pdu(scoped, r);
}

static bool
read_v3(const struct agent *agent, const uint8_t *address, struct in in, uint8_t *datagram,
    size_t n, struct request *r)
{
	struct in header, flags, outer, usm, scoped;
	int64_t size, model;

	if (!agent->user || !in_take(&in, T_SEQUENCE, &header) ||
	    !in_number(&header, &r->message_id) || !in_number(&header, &size) ||
	    !in_take(&header, T_OCTETS, &flags) || flags.end - flags.at != 1 ||
	    !in_number(&header, &model) || model != USM || !in_take(&in, T_OCTETS, &outer) ||
	    !in_take(&outer, T_SEQUENCE, &usm) || !in_take(&usm, T_OCTETS, &r->engine) ||
	    !in_number(&usm, &r->boots) || !in_number(&usm, &r->seconds) ||
	    !in_take(&usm, T_OCTETS, &r->user) || !in_take(&usm, T_OCTETS, &r->tag) ||
	    !in_take(&usm, T_OCTETS, &r->salt))
		return false;
	r->flags = *flags.at & (AUTH | PRIV);
	find_keys(agent, address, r);
	check_user(agent, datagram, n, r);
	if (r->flags & PRIV) {
		if (!in_take(&in, T_OCTETS, &scoped))
			return false;
		if (r->report) /* not to be read: its id stays 0 */
			return true;
		message_cipher(r->priv, false, (uint32_t)r->boots, (uint32_t)r->seconds, r->salt.at,
		    datagram + (scoped.at - datagram), (size_t)(scoped.end - scoped.at));
		return read_scoped(scoped, r);
	}
	return read_scoped(in, r);
}

/* --- writing ---------------------------------------------------------------------------------- */

/* A name that nothing follows, encoded where the last one stands; forwards of it is free. */
static struct piece
say_nothing(struct out *spare, const uint32_t *oid, unsigned n, uint8_t what)
{
	const uint8_t *end = spare->at, none[] = { what, 0 };

	out_bytes(spare, none, sizeof(none));
	out_oid(spare, oid, n);
	out_head(spare, T_SEQUENCE, end);
	return (struct piece){ spare->at, (size_t)(end - spare->at) };
}

/* The pieces of an answer, as many as fit; returns their number. */
static unsigned
choose(const struct agent *agent, struct request *r, struct piece pieces[static PIECES],
    struct out *spare)
{
	const struct walk *walk = &agent->walk;
	struct {
		size_t at;
		struct piece end;
	} columns[OID_MOST];
	size_t repetitions = 1, size = 0;
	bool more = true;
	unsigned n_columns = 0, n = 0;
	struct in one;

	while (n_columns < OID_MOST && in_take(&r->names, T_SEQUENCE, &one)) {
		uint32_t oid[OID_MOST];
		unsigned length;

		if (!in_oid(&one, oid, &length))
			return 0;
		columns[n_columns].at = walk_behind(walk, oid, length);
		if (r->pdu == T_GET) { /* the name itself stands before what is behind it */
			size_t at = columns[n_columns].at;
			const struct varbind *v = at > 0 ? &walk->list[at - 1] : NULL;
			bool here = v && v->n == length &&
				    memcmp(v->oid, oid, length * sizeof(*oid)) == 0;

			columns[n_columns].at = here ? at - 1 : walk->n;
		} else if (columns[n_columns].at < walk->n) { /* it will end at the last name */
			length = walk->list[walk->n - 1].n;
			memcpy(oid, walk->list[walk->n - 1].oid, length * sizeof(*oid));
		}
		columns[n_columns++].end = say_nothing(
		    spare, oid, length, r->pdu == T_GET ? T_NO_OBJECT : T_END_OF_VIEW);
	}
	if (r->pdu == T_GETBULK)
		repetitions = r->second < 0 ? 0 : (size_t)r->second;
	for (size_t k = 0; k < repetitions && more; k++) {
		more = false; /* RFC 3416, 4.2.3: nothing but ends is said once */
		for (unsigned c = 0; c < n_columns; c++) {
			size_t at = columns[c].at + k;

			more |= at < walk->n;
			pieces[n] = at < walk->n ? (struct piece){ walk->list[at].bytes,
				walk->list[at].size }
						 : columns[c].end;
			size += pieces[n].n;
			if (size > agent->largest || n + 1 == PIECES)
				return n;
			n++;
		}
	}
	return n;
}

static void
write_pdu(const struct agent *agent, struct request *r, struct out *out)
{
	static const uint32_t stats[] = { 1, 3, 6, 1, 6, 3, 15, 1, 1, 0, 0 };
	static struct piece pieces[PIECES];
	static uint8_t room[OID_MOST * 700];
	struct out spare = { room, room + sizeof(room), false };
	const uint8_t *end = out->at;

	if (r->report) {
		uint32_t oid[11];

		memcpy(oid, stats, sizeof(oid));
		oid[9] = r->report;
		out_number(out, T_COUNTER, 1);
		out_oid(out, oid, 11);
		out_head(out, T_SEQUENCE, end);
	} else {
		for (unsigned n = choose(agent, r, pieces, &spare); n > 0; n--)
			out_bytes(out, pieces[n - 1].bytes, pieces[n - 1].n);
	}
	out_head(out, T_SEQUENCE, end);
	out_number(out, T_INTEGER, 0);
	out_number(out, T_INTEGER, 0);
	out_number(out, T_INTEGER, (uint64_t)r->id);
	out_head(out, r->report ? T_REPORT : T_RESPONSE, end);
}

static void
write_v3(const struct agent *agent, struct request *r, struct out *out)
{
	static uint64_t salts;
	const uint8_t *end = out->at, *usm;
	uint8_t *tag, flags, salt[8], zero[TAG] = { 0 };
	uint32_t seconds = (uint32_t)engine_time(agent);

	/* A report about keys cannot be signed with them. */
	flags = r->report == 0 ? r->flags : r->report == NOT_IN_WINDOW ? AUTH : 0;
	write_pdu(agent, r, out);
	out_octets(out, r->context.at, (size_t)(r->context.end - r->context.at));
	out_octets(out, r->own, ENGINE_ID);
	out_head(out, T_SEQUENCE, end);
	salts++;
	memcpy(salt, &salts, sizeof(salt));
	if (flags & PRIV) {
		message_cipher(
		    r->priv, true, BOOTS, seconds, salt, out->at, (size_t)(end - out->at));
		out_head(out, T_OCTETS, end);
	}
	usm = out->at;
	out_octets(out, salt, flags & PRIV ? sizeof(salt) : 0);
	out_octets(out, zero, flags & AUTH ? TAG : 0);
	tag = out->at + 2;
	out_octets(out, r->user.at, (size_t)(r->user.end - r->user.at));
	out_number(out, T_INTEGER, seconds);
	out_number(out, T_INTEGER, BOOTS);
	out_octets(out, r->own, ENGINE_ID);
	out_head(out, T_SEQUENCE, usm);
	out_head(out, T_OCTETS, usm);
	usm = out->at;
	out_number(out, T_INTEGER, USM);
	out_octets(out, &flags, 1);
	out_number(out, T_INTEGER, DATAGRAM);
	out_number(out, T_INTEGER, (uint64_t)r->message_id);
	out_head(out, T_SEQUENCE, usm);
	out_number(out, T_INTEGER, V3);
	out_head(out, T_SEQUENCE, end);
	if (flags & AUTH)
		message_sign(r->auth, out->at, (size_t)(end - out->at), tag);
}

size_t
answer_datagram(const struct agent *agent, const uint8_t address[static 4], uint8_t *datagram,
    size_t n, uint8_t room[static DATAGRAM], uint8_t **answer)
{
	struct in all = { datagram, datagram + n }, in, community;
	struct out out = { room, room + DATAGRAM, false };
	struct request r = { 0 };

	if (!in_take(&all, T_SEQUENCE, &in) || !in_number(&in, &r.version))
		return 0;
	if (r.version == V2C) {
		if (!in_take(&in, T_OCTETS, &community) ||
		    !is_same(community, agent->community, strlen(agent->community)) ||
		    !read_pdu(in, &r))
			return 0;
		write_pdu(agent, &r, &out);
		out_octets(&out, community.at, (size_t)(community.end - community.at));
		out_number(&out, T_INTEGER, V2C);
		out_head(&out, T_SEQUENCE, room + DATAGRAM);
	} else if (r.version == V3 && read_v3(agent, address, in, datagram, n, &r)) {
		write_v3(agent, &r, &out);
	} else {
		return 0;
	}
	*answer = out.at;
	return out.full ? 0 : (size_t)(room + DATAGRAM - out.at);
}
