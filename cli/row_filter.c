/* A filter over the rows that `driver test` prints: the same language as over what was stored. */
#include <string.h>

#include "base/clock.h"
#include "cli/driver_test.h"

/* "in_addr" of a row that passes through the device; "near_addr" of one that ends there. */
static const char *
either_text(const json_t *row, const char *key, const char *other)
{
	const char *s = json_string_value(json_object_get(row, key));

	return s != NULL ? s : json_string_value(json_object_get(row, other));
}

static struct addr
addr_of(const json_t *row, const char *key, const char *other)
{
	const char *s = either_text(row, key, other);
	struct addr a = { 0 };

	if (s != NULL)
		(void)addr_parse(text_of(s), &a); /* "*", a network: none */
	return a;
}

static int64_t
number_of(const json_t *row, const char *key)
{
	const json_t *v = json_object_get(row, key);

	return json_is_integer(v) ? json_integer_value(v) : -1;
}

static int32_t
port_of(const json_t *row, const char *key, const char *other)
{
	int64_t n = number_of(row, key);

	return (int32_t)(n >= 0 ? n : number_of(row, other));
}

static struct text
word_of(const json_t *row, const char *key)
{
	return text_of(json_string_value(json_object_get(row, key)));
}

static uint8_t
initiator_of(const json_t *row)
{
	struct text t = word_of(row, "initiator");

	if (text_is(t, "in"))
		return INITIATOR_IN;
	return text_is(t, "out") ? INITIATOR_OUT : INITIATOR_UNKNOWN;
}

bool
row_matches(const struct filter *f, const struct command *command, const json_t *row)
{
	struct filter_row r = filter_row_empty();
	uint16_t proto;

	r.inside = addr_of(row, "in_addr", "near_addr");
	r.outside = addr_of(row, "out_addr", "far_addr");
	if (r.inside.family == 0) /* of a neighbour or a login */
		r.inside = addr_of(row, "addr", "addr");
	r.in_nat = addr_of(row, "in_nat_addr", "in_nat_addr");
	r.out_nat = addr_of(row, "out_nat_addr", "out_nat_addr");
	r.in_port = port_of(row, "in_port", "near_port");
	r.out_port = port_of(row, "out_port", "far_port");
	r.in_nat_port = port_of(row, "in_nat_port", "in_nat_port");
	r.out_nat_port = port_of(row, "out_nat_port", "out_nat_port");
	if (proto_parse(word_of(row, "proto"), &proto))
		r.proto = proto;
	r.initiator = initiator_of(row);
	r.scope = (uint8_t)command->scope;
	r.bytes_out = number_of(row, "bytes_out");
	r.bytes_in = number_of(row, "bytes_in");
	r.bytes_total = number_of(row, "bytes_total");
	r.packets_out = number_of(row, "packets_out");
	r.packets_in = number_of(row, "packets_in");
	if (number_of(row, "age_s") >= 0) {
		r.end_from = clock_now();
		r.start_by = r.end_from - number_of(row, "age_s");
	}
	r.place = word_of(row, "place");
	r.state = word_of(row, "state");
	r.app = word_of(row, "app");
	r.user = word_of(row, "user");
	r.in_iface = word_of(row, "iface_in");
	r.out_iface = word_of(row, "iface_out");
	return filter_judge(f, &r) == FILTER_TRUE;
}
