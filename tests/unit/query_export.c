/* Exports: Community IDs of the public baseline, and one session in every form. */
#include "tests/unit/store_help.h"

#include <jansson.h>

#include "query/community_id.h"
#include "query/export.h"

enum { T = HELP_MIDNIGHT, EVERY = 300 };

static struct endpoint
end_of(const char *address, int port)
{
	return (struct endpoint){
		.addr = help_addr(address), .has_port = port >= 0, .port = (uint16_t)port
	};
}

/* https://github.com/corelight/community-id-spec, baseline/baseline_deflt.json: what a session
 * table can tell. */
static void
test_baseline(void **state)
{
	static const struct {
		unsigned proto;
		const char *a, *b;
		int a_port, b_port;
		const char *id;
	} cases[] = {
		{ 6, "128.232.110.120", "66.35.250.204", 34855, 80,
		    "1:LQU9qZlK+B5F3KDmev6m5PMibrg=" },
		{ 17, "192.168.1.52", "8.8.8.8", 54585, 53, "1:d/FP5EW3wiY1vCndhwleRRKHowQ=" },
		{ 132, "192.168.170.8", "192.168.170.56", 7, 7, "1:MP2EtRCAUIZvTw6MxJHLV7N7JDs=" },
		{ 6, "2001:470:e5bf:dead:4957:2174:e82c:4887", "2607:f8b0:400c:c03::1a", 63943, 25,
		    "1:/qFaeAR+gFe1KYjMzVDsMv+wgU4=" },
		{ 46, "10.1.12.1", "10.1.12.2", -1, -1, "1:KHlLkgoJW7ifUTyTSgyVfkFHzKw=" },
	};
	char id[COMMUNITY_ID_TEXT];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct endpoint a = end_of(cases[i].a, cases[i].a_port),
				b = end_of(cases[i].b, cases[i].b_port);

		assert_true(community_id(&a, &b, cases[i].proto, id));
		assert_string_equal(id, cases[i].id);
		assert_true(community_id(&b, &a, cases[i].proto, id));
		assert_string_equal(id, cases[i].id);
	}
	struct endpoint a = end_of("192.0.2.1", -1), b = end_of("192.0.2.2", 80),
			six = end_of("2001:db8::1", 80);

	assert_false(community_id(&a, &b, PROTO_TCP, id)); /* a port is missing */
	assert_false(community_id(&b, &six, PROTO_TCP, id));
	assert_false(community_id(&b, &b, PROTO_ICMP, id)); /* no table has the type */
	assert_false(community_id(&b, &b, PROTO_NONE, id));
}

/* One closed session behind NAT with counters, a hostile user; one open one of which nobody knows
 * who started. */
static char *
make_book(void)
{
	char *dir = help_folder();
	struct store *s = help_open(dir);
	int64_t id = help_device(s, "edge fw1");
	struct session a = help_session("10.1.2.3", 50001, "203.0.113.9", 443),
		       b = help_session("2001:db8:1::20", 51000, "2001:db8::7", 22);

	a.in_nat = help_addr("192.0.2.1");
	a.in_nat_port = 3000;
	a.flags |= SESSION_IN_NAT_PORT;
	a.counters.has = HAS_BYTES_NEAR | HAS_BYTES_FAR;
	a.counters.bytes_near = 100;
	a.counters.bytes_far = 2000;
	b.initiator = INITIATOR_UNKNOWN;
	for (int i = 0; i < 4; i++) {
		struct session rows[2] = { a, b };

		help_poll(s, id, OUTCOME_COMPLETE, T + i * EVERY, T + i * EVERY + 2,
		    i == 0   ? NULL
		    : i == 3 ? rows + 1
			     : rows,
		    i == 0   ? 0
		    : i == 3 ? 1
			     : 2);
	}
	store_close(s);
	return dir;
}

static char *export(const char *dir, const char *form, int64_t after, int64_t want, int64_t *last)
{
	struct reader *r = help_reader(dir);
	struct ask ask = { .reader = r, .range = { .from = T - 10, .to = T + 2000 } };
	struct error err = { 0 };
	char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);

	assert_int_equal(export_sessions(&ask, export_form(form), after, last, out, &err), want);
	fclose(out);
	reader_close(r);
	return text;
}

/* The line that has the word. */
static char *
line_with(char *text, const char *typed)
{
	struct text rest = text_of(text), line;

	while (text_take_line(&rest, &line)) {
		if (!text_contains(line, typed))
			continue;
		text[line.s - text + (ptrdiff_t)line.n] = '\0';
		return text + (line.s - text);
	}
	fail_msg("no line with %s in:\n%s", typed, text);
	return NULL;
}

static void
expect(const char *dir, const char *form, const char *typed, const char *want)
{
	int64_t last;
	char *text = export(dir, form, 0, 2, &last);

	assert_string_equal(line_with(text, typed), want);
	free(text);
}

static void
test_lines(void **state)
{
	char *dir;

	(void)state;
	clock_set(T);
	dir = make_book();
	expect(dir, "zeek", "203.0.113.9",
	    "1795133102.000000\tC86cbd587c77f0a9bf\t10.1.2.3\t50001\t203.0.113.9\t443\ttcp\t-\t"
	    "298.000000\t100\t2000\tS1\tT\tF\t-\t-\t6\t1:QYdr7VuZRL/SR+OXTB18p5AhM0E=\t"
	    "1:0bepSz7gJngFgK+g/98LaL8WYPg=\t192.0.2.1\t-\tedge fw1\t2");
	expect(dir, "cef", "203.0.113.9",
	    "CEF:0|Gatebook|Gatebook|" GATEBOOK_VERSION
	    "|session|Session|1|externalId=86cbd587c77f0a9bfea699a504292f49 src=10.1.2.3 spt=50001 "
	    "dst=203.0.113.9 dpt=443 sourceTranslatedAddress=192.0.2.1 sourceTranslatedPort=3000 "
	    "proto=tcp deviceDirection=1 dvchost=edge fw1 start=1795133102000 end=1795133400000 "
	    "cnt=2 out=100 in=2000 act=ESTABLISHED");
	expect(dir, "leef", "203.0.113.9",
	    "LEEF:2.0|Gatebook|Gatebook|" GATEBOOK_VERSION
	    "|session|x09|devTime=2026-11-20T00:10:00Z\tdevTimeFormat=yyyy-MM-dd'T'HH:mm:ssX\t"
	    "src=10.1.2.3\tsrcPort=50001\tdst=203.0.113.9\tdstPort=443\tsrcPostNAT=192.0.2.1\t"
	    "srcPostNATPort=3000\tproto=tcp\tsrcBytes=100\tdstBytes=2000\tdirection=outbound\t"
	    "device=edge fw1\tuid=86cbd587c77f0a9bfea699a504292f49\t"
	    "communityId=1:QYdr7VuZRL/SR+OXTB18p5AhM0E=\tpolls=2");
	expect(dir, "syslog", "203.0.113.9",
	    "<134>1 2026-11-20T00:10:00Z edge_fw1 gatebook - session [session@32473 "
	    "uid=\"86cbd587c77f0a9bfea699a504292f49\" src=\"10.1.2.3\" spt=\"50001\" "
	    "dst=\"203.0.113.9\" dpt=\"443\" srcNat=\"192.0.2.1\" sptNat=\"3000\" proto=\"tcp\" "
	    "direction=\"outbound\" firstSeen=\"2026-11-20T00:05:02Z\" open=\"false\" polls=\"2\" "
	    "srcBytes=\"100\" dstBytes=\"2000\" bytes=\"2100\" state=\"ESTABLISHED\" "
	    "communityId=\"1:QYdr7VuZRL/SR+OXTB18p5AhM0E=\"]");
	help_remove(dir);
	clock_set(0);
}

/* What a device says may not end a line or a field. */
static void
test_hostile(void **state)
{
	static const struct endpoint none;
	static const struct {
		const char *form, *want;
	} cases[] = { { "cef", "act=a\\=b\\\\c d|\"]" },
		{ "syslog", "state=\"a=b\\\\c d|\\\"\\]\"" }, { "leef", "device=a=b\\c d|\"]\t" },
		{ "zeek", "\ta=b\\x5cc\\x0ad|\"]\t" },
		{ "ecs", "\"state\":\"a=b\\\\c\\nd|\\\"]\"" } };
	struct export_row r = { .src = &none,
		.dst = &none,
		.src_nat = &none,
		.dst_nat = &none,
		.proto_name = "tcp",
		.scope = "transit",
		.device = "a=b\\c\nd|\"]",
		.state = "a=b\\c\nd|\"]",
		.app = "",
		.user = "",
		.place = "",
		.in_iface = "",
		.out_iface = "" };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char *text = NULL;
		size_t n = 0;
		FILE *out = open_memstream(&text, &n);

		export_form(cases[i].form)->row(&r, out);
		fclose(out);
		if (strstr(text, cases[i].want) == NULL || strchr(text, '\n') != text + n - 1)
			fail_msg("%s: %s", cases[i].form, text);
		free(text);
	}
}

/* The value at a path of keys and numbers, as text; "" where there is none. */
static const char *
at(json_t *o, const char *path)
{
	static char text[300];
	struct text rest = text_of(path), key;
	char name[64];

	while (o != NULL && rest.n > 0) {
		if (!text_take_until(&rest, '/', &key)) {
			key = rest;
			rest.n = 0;
		}
		text_copy(key, name, sizeof(name));
		o = json_is_array(o) ? json_array_get(o, (size_t)(name[0] - '0'))
				     : json_object_get(o, name);
	}
	if (json_is_string(o))
		snprintf(text, sizeof(text), "%s", json_string_value(o));
	else if (json_is_integer(o))
		snprintf(text, sizeof(text), "%lld", (long long)json_integer_value(o));
	else
		snprintf(text, sizeof(text), "%s",
		    json_is_true(o)    ? "true"
		    : json_is_false(o) ? "false"
				       : "");
	return text;
}

static const struct {
	const char *form, *line, *path, *want;
} members[] = {
	{ "ecs", "203.0.113.9", "event/kind", "event" },
	{ "ecs", "203.0.113.9", "event/category/0", "network" },
	{ "ecs", "203.0.113.9", "event/start", "2026-11-20T00:05:02Z" },
	{ "ecs", "203.0.113.9", "event/end", "2026-11-20T00:10:00Z" },
	{ "ecs", "203.0.113.9", "source/nat/ip", "192.0.2.1" },
	{ "ecs", "203.0.113.9", "destination/bytes", "2000" },
	{ "ecs", "203.0.113.9", "network/direction", "outbound" },
	{ "ecs", "203.0.113.9", "network/community_id", "1:QYdr7VuZRL/SR+OXTB18p5AhM0E=" },
	{ "ecs", "2001:db8::7", "event/kind", "state" },
	{ "ecs", "2001:db8::7", "event/end", "" },    /* it is open */
	{ "ecs", "2001:db8::7", "source/bytes", "" }, /* not known is not 0 */
	{ "ecs", "2001:db8::7", "network/direction", "unknown" },
	{ "ecs", "2001:db8::7", "gatebook/initiator_known", "false" },
	{ "es-bulk", "create", "create/_id", "4ae42f1d984655718a65394ad25c4ee5-open" },
	{ "ocsf", "203.0.113.9", "class_uid", "4001" },
	{ "ocsf", "203.0.113.9", "type_uid", "400106" },
	{ "ocsf", "203.0.113.9", "time", "1795133400000" },
	{ "ocsf", "203.0.113.9", "src_endpoint/proxy_endpoint/port", "3000" },
	{ "ocsf", "203.0.113.9", "connection_info/direction_id", "2" },
	{ "ocsf", "203.0.113.9", "cumulative_traffic/bytes_in", "2000" },
	{ "ocsf", "2001:db8::7", "end_time", "" },
	{ "ocsf", "2001:db8::7", "cumulative_traffic/bytes", "" },
	{ "ocsf", "2001:db8::7", "is_src_dst_assignment_known", "false" },
	{ "splunk-hec", "203.0.113.9", "sourcetype", "gatebook:session" },
	{ "splunk-hec", "203.0.113.9", "event/dest_ip", "203.0.113.9" },
	{ "zeek-json", "203.0.113.9", "id.resp_p", "443" },
	{ "zeek-json", "2001:db8::7", "orig_bytes", "" },
};

static void
test_json(void **state)
{
	char *dir;

	(void)state;
	clock_set(T);
	dir = make_book();
	for (size_t i = 0; i < sizeof(members) / sizeof(*members); i++) {
		int64_t last;
		char *text = export(dir, members[i].form, 0, 2, &last);
		json_t *o = json_loads(line_with(text, members[i].line), 0, NULL);

		if (o == NULL || strcmp(at(o, members[i].path), members[i].want) != 0)
			fail_msg("%s %s: '%s'", members[i].form, members[i].path,
			    at(o, members[i].path));
		json_decref(o);
		free(text);
	}
	help_remove(dir);
	clock_set(0);
}

/* Every reference is in the bundle; what is active has no end. */
static void
test_stix(void **state)
{
	char *dir, *text;
	json_t *bundle, *objects, *one, *ref;
	size_t i, k, n_traffic = 0;
	int64_t last;

	(void)state;
	clock_set(T);
	dir = make_book();
	text = export(dir, "stix", 0, 2, &last);
	bundle = json_loads(text, 0, NULL);
	assert_non_null(bundle);
	objects = json_object_get(bundle, "objects");
	json_array_foreach(objects, i, one)
	{
		bool active = json_is_true(json_object_get(one, "is_active"));

		if (strcmp(at(one, "type"), "network-traffic") == 0) {
			n_traffic++;
			assert_true(active == (json_object_get(one, "end") == NULL));
		}
		json_array_foreach(json_object_get(one, "object_refs"), k, ref)
		    assert_non_null(strstr(text, json_string_value(ref)));
	}
	assert_int_equal(n_traffic, 3); /* one of them as it looks outside */
	json_decref(bundle);
	free(text);
	help_remove(dir);
	clock_set(0);
}

/* Only what ended since; the last end is the next beginning. */
static void
test_since(void **state)
{
	char *dir, *text;
	int64_t last;

	(void)state;
	clock_set(T);
	dir = make_book();
	text = export(dir, "ecs", 1, 1, &last);
	assert_int_equal(last, T + 3 * EVERY + 2);
	assert_null(strstr(text, "2001:db8::7"));
	free(text);
	text = export(dir, "ecs", last, 0, &last);
	assert_int_equal(last, T + 3 * EVERY + 2);
	free(text);
	help_remove(dir);
	clock_set(0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_baseline),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_stix),
		cmocka_unit_test(test_since),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
