/* gatebook.yml as people mistype it: every fault is said, each with its place. */
#include "tests/unit/inventories_folder.h"

static const struct folder_case yaml[] = {
	{ .name = "a tab in the indentation",
	    .main = "limits:\n"
		    "\tjobs: 4\n",
	    .expected = "gatebook.yml:2:1: a tab in the indentation: YAML wants blanks\n" },
	{ .name = "a tab behind blanks",
	    .main = "limits:\n"
		    "  \tjobs: 4\n",
	    .expected = "gatebook.yml:2:3: a tab in the indentation: YAML wants blanks\n" },
	{ .name = "a bracket is not closed",
	    .main = "internal: [10.0.0.0/8\n"
		    "limits: {jobs: 4}\n",
	    .expected = "gatebook.yml:2:7: YAML: did not find expected ',' or ']' (a bracket is "
			"not closed, or a comma is missing)\n" },
	{ .name = "a quote is not closed",
	    .main = "store: \"x\n"
		    "limits: {jobs: 4}\n",
	    .expected = "gatebook.yml:3:1: YAML: found unexpected end of stream (a quote is not "
			"closed)\n" },
	{ .name = "a colon in a text",
	    .main = "store: a: b\n",
	    .expected = "gatebook.yml:1:9: YAML: mapping values are not allowed in this context (a "
			"text with ': ' in it needs quotes, or the indentation is off)\n" },
	{ .name = "a colon in brackets",
	    .main = "credentials:\n"
		    "  ro: {user: u, key: agent:}\n",
	    .expected = "gatebook.yml:2:27: YAML: found unexpected ':' (put the text into "
			"quotes)\n" },
	{ .name = "wrong indentation",
	    .main = "limits:\n"
		    "  jobs: 4\n"
		    " silence: 60s\n",
	    .expected = "gatebook.yml:3:2: YAML: did not find expected key (check the indentation "
			"and the brackets)\n" },
	{ .name = "a key without colon",
	    .main = "limits\n"
		    "jobs: 4\n",
	    .expected = "gatebook.yml:2:5: YAML: mapping values are not allowed in this context (a "
			"text with ': ' in it needs quotes, or the indentation is off)\n" },
	{ .name = "an at sign",
	    .main = "store: @x\n",
	    .expected = "gatebook.yml:1:8: YAML: found character that cannot start any token (put "
			"the text into quotes)\n" },
	{ .name = "an undefined alias",
	    .main = "store: *x\n",
	    .expected = "gatebook.yml:1:8: YAML: found undefined alias (a text that begins with "
			"'*' needs quotes)\n" },
	{ .name = "Latin-1",
	    .main = "# gr\374\337e\n"
		    "store: x\n",
	    .expected = "gatebook.yml:1:5: not UTF-8 (byte 0xFC): save the file as UTF-8\n" },
	{ .name = "UTF-16",
	    .main = "\377\376s\000t\000",
	    .n = 6,
	    .expected = "gatebook.yml:1:1: not UTF-8 (byte 0xFF): save the file as UTF-8\n" },
	{ .name = "an overlong UTF-8 form",
	    .main = "store: \300\257etc\n",
	    .expected = "gatebook.yml:1:8: not UTF-8 (byte 0xC0): save the file as UTF-8\n" },
	{ .name = "a surrogate in UTF-8",
	    .main = "store: \355\240\200\n",
	    .expected = "gatebook.yml:1:8: not UTF-8 (byte 0xED): save the file as UTF-8\n" },
	{ .name = "UTF-8 cut at the end",
	    .main = "store: \342\202",
	    .expected = "gatebook.yml:1:8: not UTF-8 (byte 0xE2): save the file as UTF-8\n" },
	{ .name = "a control character",
	    .main = "store: \033[31m\n",
	    .expected = "gatebook.yml:1:8: a control character (byte 0x1B): remove it\n" },
	{ .name = "a NUL byte",
	    .main = "store: a\000b\n",
	    .n = 11,
	    .expected = "gatebook.yml:1:9: a control character (byte 0x00): remove it\n" },
	{ .name = "two documents",
	    .main = "store: a\n"
		    "---\n"
		    "store: b\n",
	    .expected = "gatebook.yml:3:1: a second document in one file: put it into a file of "
			"its own\n" },
	{ .name = "a list at the top",
	    .main = "- store: a\n",
	    .expected = "gatebook.yml:1:1: 'gatebook.yml' wants a map, not a list\n" },
	{ .name = "a text at the top",
	    .main = "store\n",
	    .expected = "gatebook.yml:1:1: 'gatebook.yml' wants a map, not a text\n" },
	{ .name = "a tag",
	    .main = "store: !vault x\n",
	    .expected = "gatebook.yml:1:8: 'store' begins with a tag ('!...'), which means nothing "
			"here\n" },
	{ .name = "a merge key",
	    .main = "x: &x {jobs: 4}\n"
		    "limits:\n"
		    "  <<: *x\n",
	    .expected = "gatebook.yml:1:1: unknown key 'x': gatebook.yml has store, internal, "
			"keep, credentials, limits, schedules, "
			"blackouts, zone, metrics, alerts, retention, ledger, reconcile, "
			"sandbox\n"
			"gatebook.yml:3:3: '<<' is not read: put what devices share under "
			"'defaults:'\n" },
	{ .name = "a key that is a list",
	    .main = "[a, b]: c\n",
	    .expected = "gatebook.yml:1:1: a key must be a word, not a list\n" },
};

static const struct folder_case settings[] = {
	{ .name = "an unknown key",
	    .main = "stroe: /x\n",
	    .expected = "gatebook.yml:1:1: unknown key 'stroe' (did you mean 'store'?)\n" },
	{ .name = "an unknown key, nothing near",
	    .main = "database: /x\n",
	    .expected = "gatebook.yml:1:1: unknown key 'database': gatebook.yml has store, "
			"internal, keep, credentials, limits, schedules, "
			"blackouts, zone, metrics, alerts, retention, ledger, reconcile, "
			"sandbox\n" },
	{ .name = "a key twice",
	    .main = "store: a\n"
		    "limits: {jobs: 4}\n"
		    "store: b\n",
	    .expected = "gatebook.yml:3:1: 'store' stands here twice: also on line 1\n" },
	{ .name = "store: a list",
	    .main = "store: [a]\n",
	    .expected = "gatebook.yml:1:8: 'store' wants one value, not a list\n" },
	{ .name = "store: nothing",
	    .main = "store:\n",
	    .expected = "gatebook.yml:1:7: 'store' is empty\n" },
	{ .name = "store: a home folder",
	    .main = "store: ~/gatebook\n",
	    .expected = "gatebook.yml:1:8: 'store': '~' is not expanded: write the whole path\n" },
	{ .name = "jobs: zero",
	    .main = "limits: {jobs: 0}\n",
	    .expected = "gatebook.yml:1:16: 'jobs' is out of range: 0 (1 to 1000)\n" },
	{ .name = "jobs: too many",
	    .main = "limits: {jobs: 1001}\n",
	    .expected = "gatebook.yml:1:16: 'jobs' is out of range: 1001 (1 to 1000)\n" },
	{ .name = "jobs: a word",
	    .main = "limits: {jobs: many}\n",
	    .expected = "gatebook.yml:1:16: 'jobs' wants a whole number, not 'many' (polls at the "
			"same time)\n" },
	{ .name = "jobs: negative",
	    .main = "limits: {jobs: -1}\n",
	    .expected = "gatebook.yml:1:16: 'jobs' wants a whole number, not '-1' (polls at the "
			"same time)\n" },
	{ .name = "jobs: beyond 64 bits",
	    .main = "limits: {jobs: 99999999999999999999}\n",
	    .expected = "gatebook.yml:1:16: 'jobs' wants a whole number, not "
			"'99999999999999999999' (polls at the same time)\n" },
	{ .name = "jobs: a map",
	    .main = "limits: {jobs: {a: 1}}\n",
	    .expected = "gatebook.yml:1:16: 'jobs' wants one value, not a map\n" },
	{ .name = "a limit without a unit",
	    .main = "limits: {silence: 60}\n",
	    .expected = "gatebook.yml:1:19: 'silence' has no unit that we know: '60' (60s, 5m, 2h, "
			"1d)\n" },
	{ .name = "a limit with a strange unit",
	    .main = "limits: {silence: 60sec}\n",
	    .expected = "gatebook.yml:1:19: 'silence' has no unit that we know: '60sec' (60s, 5m, "
			"2h, 1d)\n" },
	{ .name = "a limit that is no duration",
	    .main = "limits: {silence: long}\n",
	    .expected = "gatebook.yml:1:19: 'silence' wants a duration like 60s, 5m, 2h or 1d, not "
			"'long'\n" },
	{ .name = "a limit out of range",
	    .main = "limits: {poll_timeout: 2h}\n",
	    .expected = "gatebook.yml:1:24: 'poll_timeout' is out of range: 2h (5s to 1h)\n" },
	{ .name = "a limit beyond 32 bits",
	    .main = "limits: {poll_timeout: 4294967295d}\n",
	    .expected = "gatebook.yml:1:24: 'poll_timeout' is out of range: 4294967295d (5s to "
			"1h)\n" },
	{ .name = "limits: a list",
	    .main = "limits: [jobs]\n",
	    .expected = "gatebook.yml:1:9: 'limits' wants a map, not a list\n" },
	{ .name = "an unknown limit",
	    .main = "limits: {job: 4, foo: 1}\n",
	    .expected = "gatebook.yml:1:10: unknown key 'job' (did you mean 'jobs'?)\n"
			"gatebook.yml:1:18: unknown key 'foo': limits has jobs, logins_per_second, "
			"site_jobs, snmp_jobs, min_interval, auth_failures, connect, silence, "
			"poll_timeout, sessions, disk, cpu\n" },
	{ .name = "alerts",
	    .main = "alerts: {command: ./hook, silent: 0, unread: 101, loud: 1}\n",
	    .expected = "gatebook.yml:1:35: 'silent' is out of range: 0 (1 to 1000)\n"
			"gatebook.yml:1:46: 'unread' is out of range: 101 (0 to 100)\n"
			"gatebook.yml:1:51: unknown key 'loud': alerts has command, silent, "
			"unread\n" },
	{ .name = "a schedule without a time",
	    .main = "schedules:\n"
		    "  a: {on: '@all'}\n"
		    "  b: {every: 5m, cron: '* * * * *'}\n",
	    .expected = "gatebook.yml:2:3: schedule 'a' needs 'every' or 'cron', and not both\n"
			"gatebook.yml:3:3: schedule 'b' needs 'every' or 'cron', and not both\n" },
	{ .name = "a schedule twice",
	    .main = "schedules:\n"
		    "  a: {every: 5m}\n"
		    "  a: {every: 6m}\n",
	    .expected = "gatebook.yml:3:3: schedule 'a' stands here twice: also on line 2\n" },
	{ .name = "an adaptive schedule that cannot be",
	    .main = "schedules:\n"
		    "  a: {every: 5m, adaptive: {least: 10m, most: 30m}}\n"
		    "  b: {every: 5m, adaptive: {least: 1m}}\n"
		    "  c: {cron: 5 * * * *, adaptive: {least: 1m, most: 2m}}\n",
	    .expected = "gatebook.yml:2:3: schedule 'a': 'every' does not lie between 'least' and "
			"'most' of 'adaptive'\n"
			"gatebook.yml:3:28: 'adaptive' needs 'least' and 'most': {least: 1m, most: "
			"30m}: as many polls as 'every' makes, where they find most\n"
			"gatebook.yml:4:3: schedule 'c': 'every' does not lie between 'least' and "
			"'most' of 'adaptive'\n" },
	{ .name = "a schedule of words that mean nothing",
	    .main = "schedules:\n"
		    "  a: {every: 5m, window: Mo 8-9, zone: Mars/Olympus, topics: [nat],\n"
		    "    on: [\"@nobody\"], jitter: 5m}\n"
		    "  b: {cron: 61 * * * *, priority: 10}\n",
	    .expected =
		"gatebook.yml:2:3: schedule 'a': 'jitter' is not shorter than 'every'\n"
		"gatebook.yml:2:3: 'on': no tag, site or platform '@nobody': see 'gatebook "
		"inventory list'\n"
		"gatebook.yml:2:26: 'window': 'Mo 8-9' is no window of the week: days, hours, or "
		"both, as in Mon-Fri 06:00-22:00\n"
		"gatebook.yml:2:40: 'zone': no time zone 'Mars/Olympus' in /usr/share/zoneinfo "
		"(package tzdata)\n"
		"gatebook.yml:2:63: 'topics' cannot be 'nat': sessions, neighbours\n"
		"gatebook.yml:4:13: 'cron': minute '61': numbers from 0 to 59, as in 0,30 or 8-18 "
		"or */5\n"
		"gatebook.yml:4:35: 'priority' is out of range: 10 (0 to 9)\n" },
	{ .name = "blackouts that never are",
	    .main = "blackouts:\n"
		    "  - {name: a}\n"
		    "  - {name: b, from: 2026-12-20}\n"
		    "  - {name: c, from: 2026-12-20, to: 2026-12-20}\n"
		    "  - {name: d, from: 2026-02-30, to: 2026-12-20 24:00}\n"
		    "  - {window: Sun}\n",
	    .expected = "gatebook.yml:2:5: a blackout has 'from' and 'to', or a 'window'\n"
			"gatebook.yml:3:5: a blackout has 'from' and 'to', or a 'window'\n"
			"gatebook.yml:4:5: the blackout ends before it begins\n"
			"gatebook.yml:5:21: 'from' wants a day or a minute, 2026-12-20 or "
			"2026-12-20 18:00, "
			"not '2026-02-30'\n"
			"gatebook.yml:5:37: 'to' wants a day or a minute, 2027-01-04 or 2027-01-04 "
			"06:00, "
			"not '2026-12-20 24:00'\n"
			"gatebook.yml:6:5: a blackout without 'name': why nothing is polled\n" },
	{ .name = "keep: no yes or no",
	    .main = "keep: {inside: maybe}\n",
	    .expected = "gatebook.yml:1:16: 'inside' wants true or false, not 'maybe'\n" },
	{ .name = "sandbox: mistyped",
	    .main = "sandbox: enforced\n",
	    .expected = "gatebook.yml:1:10: 'sandbox' cannot be 'enforced' (did you mean "
			"'enforce'?)\n" },
	{ .name = "sandbox: something else",
	    .main = "sandbox: paranoid\n",
	    .expected = "gatebook.yml:1:10: 'sandbox' cannot be 'paranoid': one of off, warn, "
			"enforce\n" },
	{ .name = "retention: not whole days",
	    .main = "retention: {sessions: 36h}\n",
	    .expected = "gatebook.yml:1:23: 'sessions' wants whole days, like 400d, or "
			"'forever'\n" },
	{ .name = "retention: a number",
	    .main = "retention: {sessions: 400}\n",
	    .expected = "gatebook.yml:1:23: 'sessions' has no unit that we know: '400' (60s, 5m, "
			"2h, 1d)\n" },
	{ .name = "internal: host bits",
	    .main = "internal: [10.1.2.3/8, fd00::1/8]\n",
	    .expected = "gatebook.yml:1:12: 'internal': '10.1.2.3/8' is not a prefix: host bits "
			"are set: did you mean 10.0.0.0/8\n"
			"gatebook.yml:1:24: 'internal': 'fd00::1/8' is not a prefix: host bits are "
			"set: did you mean fd00::/8\n" },
	{ .name = "internal: a short form",
	    .main = "internal: [10/8]\n",
	    .expected = "gatebook.yml:1:12: 'internal': '10/8' is not a prefix: not an address or "
			"prefix; write 10.0.0.0/8 or 2001:db8::/32\n" },
	{ .name = "internal: a length too long",
	    .main = "internal: [10.0.0.0/33]\n",
	    .expected = "gatebook.yml:1:12: 'internal': '10.0.0.0/33' is not a prefix: the prefix "
			"length must be 0 to 32\n" },
	{ .name = "internal: no address",
	    .main = "internal: [intranet]\n",
	    .expected = "gatebook.yml:1:12: 'internal': 'intranet' is not a prefix: not an address "
			"or prefix; write 10.0.0.0/8 or 2001:db8::/32\n" },
	{ .name = "internal: twice",
	    .main = "internal:\n"
		    "  - 10.0.0.0/8\n"
		    "  - \"!10.0.0.0/8\"\n",
	    .expected = "gatebook.yml:3:5: 10.0.0.0/8 stands here twice: also on line 2\n" },
	{ .name = "internal: exceptions only",
	    .main = "internal: [\"!10.0.0.0/8\"]\n",
	    .expected = "gatebook.yml:1:11: 'internal' names nothing that is inside: add a prefix, "
			"or 'private'\n" },
	{ .name = "internal: empty",
	    .main = "internal: []\n",
	    .expected = "gatebook.yml:1:11: 'internal' names nothing that is inside: add a prefix, "
			"or 'private'\n" },
	{ .name = "internal: a text",
	    .main = "internal: 10.0.0.0/8\n",
	    .expected = "gatebook.yml:1:11: 'internal' wants a list, not a text\n" },
	{ .name = "internal: a map in the list",
	    .main = "internal: [10.0.0.0/8: inside]\n",
	    .expected = "gatebook.yml:1:12: 'internal' wants one value, not a map\n" },
	{ .name = "five faults in one file",
	    .main = "stroe: /x\n"
		    "limits: {jobs: 0, silence: 60}\n"
		    "sandbox: on\n"
		    "internal: [10.1.0.0/8]\n",
	    .expected = "gatebook.yml:1:1: unknown key 'stroe' (did you mean 'store'?)\n"
			"gatebook.yml:2:16: 'jobs' is out of range: 0 (1 to 1000)\n"
			"gatebook.yml:2:28: 'silence' has no unit that we know: '60' (60s, 5m, 2h, "
			"1d)\n"
			"gatebook.yml:3:10: 'sandbox' cannot be 'on': one of off, warn, enforce\n"
			"gatebook.yml:4:12: 'internal': '10.1.0.0/8' is not a prefix: host bits "
			"are set: did you mean 10.0.0.0/8\n" },
};

static const struct folder_case credentials[] = {
	{ .name = "a password in the clear",
	    .main = "credentials:\n"
		    "  ro: {user: gatebook, password: hunter2}\n",
	    .expected = "gatebook.yml:2:34: 'password': a secret does not stand in the "
			"configuration: write a reference: file:, env:, systemd:, exec:\n" },
	{ .name = "a password with a colon",
	    .main = "credentials:\n"
		    "  ro: {user: gatebook, password: \"hunter2:x\"}\n",
	    .expected = "gatebook.yml:2:34: 'password': a secret does not stand in the "
			"configuration: write a reference: file:, env:, systemd:, exec:\n" },
	{ .name = "a password that is a tag",
	    .main = "credentials:\n"
		    "  ro: {user: gatebook, password: !hunter2 x}\n",
	    .expected = "gatebook.yml:2:34: 'password' begins with a tag ('!...'), which means "
			"nothing here\n" },
	{ .name = "a password that is a list",
	    .main = "credentials:\n"
		    "  ro: {user: gatebook, password: [hunter2]}\n",
	    .expected = "gatebook.yml:2:34: 'password' wants one value, not a list\n" },
	{ .name = "a password where a key belongs",
	    .main = "credentials:\n"
		    "  ro: {user: gatebook, hunter2}\n",
	    .expected = "gatebook.yml:2:24: unknown key: a credential has user, password, key, "
			"passphrase, enable, community, version_1, auth, auth_password, priv, "
			"priv_password, "
			"context, logins_per_second\n" },
	{ .name = "a password where a map belongs",
	    .main = "credentials:\n"
		    "  ro: hunter2\n",
	    .expected = "gatebook.yml:2:7: 'ro' wants a map, not a text\n" },
	{ .name = "a key in the clear",
	    .main = "credentials:\n"
		    "  ro:\n"
		    "    user: gatebook\n"
		    "    key: |\n"
		    "      -----BEGIN hunter2\n",
	    .expected = "gatebook.yml:4:10: 'key': a secret does not stand in the configuration: "
			"write a reference: file:, env:, systemd:, exec:\n" },
	{ .name = "a reference without a path",
	    .main = "credentials:\n"
		    "  ro: {user: gatebook, password: \"file:\"}\n",
	    .expected = "gatebook.yml:2:34: 'password': file: wants a path\n" },
	{ .name = "a reference with a home folder",
	    .main = "credentials:\n"
		    "  ro: {user: gatebook, password: file:~/pw}\n",
	    .expected = "gatebook.yml:2:34: 'password': file: does not expand '~': write the whole "
			"path\n" },
	{ .name = "a helper without a path",
	    .main = "credentials:\n"
		    "  ro: {user: gatebook, password: exec:vault}\n",
	    .expected = "gatebook.yml:2:34: 'password': exec: wants the absolute path of a "
			"program\n" },
	{ .name = "a variable that is none",
	    .main = "credentials:\n"
		    "  ro: {user: gatebook, password: env:A-B}\n",
	    .expected = "gatebook.yml:2:34: 'password': env: wants the name of a variable\n" },
	{ .name = "a systemd name that is a path",
	    .main = "credentials:\n"
		    "  ro: {user: gatebook, password: systemd:../x}\n",
	    .expected = "gatebook.yml:2:34: 'password': systemd: wants a name of "
			"LoadCredential=\n" },
	{ .name = "an agent for a password",
	    .main = "credentials:\n"
		    "  ro: {user: gatebook, password: agent}\n",
	    .expected = "gatebook.yml:2:34: 'password': an agent holds keys only: write file:PATH, "
			"env:NAME, systemd:NAME or exec:/PROGRAM\n" },
	{ .name = "an agent that is no path",
	    .main = "credentials:\n"
		    "  ro: {user: gatebook, key: agent:sock}\n",
	    .expected = "gatebook.yml:2:29: 'key': agent: wants nothing or the absolute path of a "
			"socket\n" },
	{ .name = "a credential without a user",
	    .main = "credentials:\n"
		    "  ro: {password: file:/p}\n",
	    .expected = "gatebook.yml:2:7: a credential without 'user': login name\n" },
	{ .name = "a credential without a secret",
	    .main = "credentials:\n"
		    "  ro: {user: gatebook}\n",
	    .expected = "gatebook.yml:2:7: credential 'ro' has neither 'key' nor 'password'\n" },
	{ .name = "a community and a user",
	    .main = "credentials:\n"
		    "  ro: {user: gatebook, community: file:/p}\n",
	    .expected = "gatebook.yml:2:7: credential 'ro' has a 'community', which stands alone: "
			"no "
			"user, no password\n" },
	{ .name = "a community in the clear",
	    .main = "credentials:\n"
		    "  ro: {community: hunter2}\n",
	    .expected = "gatebook.yml:2:19: 'community': a secret does not stand in the "
			"configuration: write a "
			"reference: file:, env:, systemd:, exec:\n" },
	{ .name = "SNMPv3: a protocol without its password",
	    .main = "credentials:\n"
		    "  ro: {user: gatebook, auth: SHA-256}\n",
	    .expected = "gatebook.yml:2:7: credential 'ro': 'auth' and 'auth_password', 'priv' and "
			"'priv_password' go together\n" },
	{ .name = "SNMPv3: privacy alone",
	    .main = "credentials:\n"
		    "  ro: {user: gatebook, priv: AES, priv_password: file:/p}\n",
	    .expected = "gatebook.yml:2:7: credential 'ro' encrypts without 'auth': SNMPv3 has no "
			"such "
			"level\n" },
	{ .name = "a passphrase without a key",
	    .main = "credentials:\n"
		    "  ro: {user: gatebook, password: file:/p, passphrase: file:/q}\n",
	    .expected = "gatebook.yml:2:7: credential 'ro' has a 'passphrase' and no key that "
			"needs it\n" },
	{ .name = "a mistyped key of a credential",
	    .main = "credentials:\n"
		    "  ro: {user: gatebook, pasword: file:/p}\n",
	    .expected = "gatebook.yml:2:24: unknown key 'pasword' (did you mean 'password'?)\n" },
	{ .name = "a credential twice",
	    .main = "credentials:\n"
		    "  ro: {user: a, key: agent}\n"
		    "  ro: {user: b, key: agent}\n",
	    .expected = "gatebook.yml:3:3: credential 'ro' stands here twice: also on line 2\n" },
	{ .name = "a credential with a bad name",
	    .main = "credentials:\n"
		    "  r o: {user: a, key: agent}\n",
	    .expected = "gatebook.yml:2:3: 'credentials' cannot be 'r o': letters, digits, '.', "
			"'_' and '-', the first a letter or digit\n" },
};

int
main(void)
{
	int failed = 0;

	failed += folder_run("yaml", yaml, sizeof yaml / sizeof yaml[0]);
	failed += folder_run("settings", settings, sizeof settings / sizeof settings[0]);
	failed += folder_run(
	    "credentials", credentials, sizeof credentials / sizeof credentials[0]);
	return failed;
}
