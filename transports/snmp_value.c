#include <net-snmp/net-snmp-config.h>
#include <net-snmp/net-snmp-includes.h>

#include "base/limits.h"
#include "mibs/walk.h"
#include "transports/snmp_value.h"

/* The library has a long for a sub-identifier. Blocks of eight are what the compiler makes vectors
 * of. */
static unsigned
take_oid(const oid *from, size_t length, uint32_t *to)
{
	unsigned n = length < LIMIT_OID ? (unsigned)length : LIMIT_OID, i = 0;

	for (; i + 8 <= n; i += 8)
		for (unsigned k = 0; k < 8; k++)
			to[i + k] = (uint32_t)from[i + k];
	for (; i < n; i++)
		to[i] = (uint32_t)from[i];
	return n;
}

/* Puts an OID behind the name; returns how many sub-identifiers that took. */
static unsigned
take_value(const struct variable_list *v, struct varbind *out, uint32_t *room)
{
	unsigned n = 0;

	out->type = VALUE_NONE;
	out->bytes = (struct text){ NULL, 0 };
	switch (v->type) {
	case ASN_INTEGER:
		out->type = VALUE_NUMBER;
		out->number = (uint64_t)*v->val.integer;
		break;
	case ASN_COUNTER:
	case ASN_GAUGE:
	case ASN_TIMETICKS:
	case ASN_UINTEGER:
		out->type = VALUE_NUMBER;
		out->number = (uint32_t)*v->val.integer;
		break;
	case ASN_COUNTER64:
		out->type = VALUE_NUMBER;
		out->number = (uint64_t)v->val.counter64->high << 32 |
			      (uint32_t)v->val.counter64->low;
		break;
	case ASN_OCTET_STR:
	case ASN_OPAQUE:
	case ASN_BIT_STR:
		out->type = VALUE_BYTES;
		out->bytes = (struct text){ (const char *)v->val.string, v->val_len };
		break;
	case ASN_IPADDRESS:
		out->type = VALUE_ADDR;
		out->bytes = (struct text){ (const char *)v->val.string, v->val_len };
		break;
	case ASN_OBJECT_ID:
		n = take_oid(v->val.objid, v->val_len / sizeof(oid), room);
		out->type = VALUE_OID;
		out->bytes = (struct text){ (const char *)room, n * sizeof(*room) };
		break;
	default: break;
	}
	return n;
}

size_t
snmp_values(const struct snmp_pdu *pdu, const struct varbind **list)
{
	enum { MOST = WALK_COLUMNS * (LIMIT_WALK_REPETITIONS + 1) };
	static struct varbind all[MOST];
	static uint32_t room[MOST * 2 * LIMIT_OID];
	uint32_t *at = room;
	size_t n = 0;

	*list = all;
	for (const struct variable_list *v = pdu->variables; v && n < MOST; v = v->next_variable) {
		all[n].oid = at;
		all[n].n = take_oid(v->name, v->name_length, at);
		at += all[n].n;
		at += take_value(v, &all[n++], at);
	}
	if (pdu->errstat == SNMP_ERR_NOSUCHNAME)
		for (size_t i = 0; i < n; i++)
			all[i].type = VALUE_NONE;
	else if (pdu->errstat != SNMP_ERR_NOERROR)
		n = 0;
	return n;
}
