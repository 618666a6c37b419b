/* inventory.d/ as people mistype it. */
#include "tests/unit/inventories_folder.h"

static const struct folder_case devices[] = {
	{ .name = "a mistyped key",
	    .a = "devices:\n"
		 "  - name: edge-fw1\n"
		 "    host: 192.0.2.10\n"
		 "    site: ber\n"
		 "    platfrom: linux\n"
		 "    credential: ro\n",
	    .expected = "inventory.d/a.yml:5:5: unknown key 'platfrom' (did you mean "
			"'platform'?)\n" },
	{ .name = "a list without a name",
	    .a = "- name: r1\n",
	    .expected = "inventory.d/a.yml:1:1: a list without a name: write 'devices:' above "
			"it\n" },
	{ .name = "devices: a map",
	    .a = "devices: {r1: {host: 192.0.2.1}}\n",
	    .expected = "inventory.d/a.yml:1:10: 'devices' wants a list, not a map\n" },
	{ .name = "a device that is a text",
	    .a = "devices: [r1]\n",
	    .expected = "inventory.d/a.yml:1:11: a device is a map: '- name: NAME' and more keys "
			"below it\n" },
	{ .name = "an unknown section",
	    .a = "device: []\n",
	    .expected = "inventory.d/a.yml:1:1: unknown key 'device' (did you mean 'devices'?)\n" },
	{ .name = "nothing that is needed",
	    .a = "devices:\n"
		 "  - site: ber\n",
	    .expected = "inventory.d/a.yml:2:5: a device without 'name': what you call it here\n"
			"inventory.d/a.yml:2:5: a device without 'platform': a name of 'gatebook "
			"driver list'\n"
			"inventory.d/a.yml:2:5: a device without 'host': address or host name\n"
			"inventory.d/a.yml:2:5: a device without 'credential': a name of "
			"'credentials:' in gatebook.yml\n" },
	{ .name = "a name with a blank",
	    .a = "devices:\n"
		 "  - {name: r 1, host: 192.0.2.1, platform: linux, credential: ro}\n",
	    .expected = "inventory.d/a.yml:2:12: 'name' cannot be 'r 1': letters, digits, '.', '_' "
			"and '-', the first a letter or digit\n" },
	{ .name = "a name with a slash",
	    .a = "devices:\n"
		 "  - {name: ../r1, host: 192.0.2.1, platform: linux, credential: ro}\n",
	    .expected = "inventory.d/a.yml:2:12: 'name' cannot be '../r1': letters, digits, '.', "
			"'_' and '-', the first a letter or digit\n" },
	{ .name = "a name that is empty",
	    .a = "devices:\n"
		 "  - {name: \"\", host: 192.0.2.1, platform: linux, credential: ro}\n",
	    .expected = "inventory.d/a.yml:2:12: 'name' is empty\n" },
	{ .name = "a name that is too long",
	    .a = "devices:\n"
		 "  - {name: rrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr, "
		 "host: 192.0.2.1, platform: linux, credential: ro}\n",
	    .expected = "inventory.d/a.yml:2:12: 'name' is longer than 64 bytes: "
			"'rrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr...'\n" },
	{ .name = "an unknown platform",
	    .a = "devices:\n"
		 "  - {name: r1, host: 192.0.2.1, platform: linus, credential: ro}\n",
	    .expected = "inventory.d/a.yml:2:43: unknown platform 'linus' (did you mean "
			"'linux'?)\n" },
	{ .name = "an unknown platform, nothing near",
	    .a = "devices:\n"
		 "  - {name: r1, host: 192.0.2.1, platform: amiga, credential: ro}\n",
	    .expected = "inventory.d/a.yml:2:43: unknown platform 'amiga': 'gatebook driver list' "
			"shows them\n" },
	{ .name = "an unknown credential",
	    .a = "devices:\n"
		 "  - {name: r1, host: 192.0.2.1, platform: linux, credential: rp}\n",
	    .expected = "inventory.d/a.yml:2:62: unknown credential 'rp' (did you mean 'ro'?)\n" },
	{ .name = "an unknown credential, nothing near",
	    .a = "devices:\n"
		 "  - {name: r1, host: 192.0.2.1, platform: linux, credential: admin}\n",
	    .expected = "inventory.d/a.yml:2:62: unknown credential 'admin': add it to "
			"'credentials:' in gatebook.yml\n" },
	{ .name = "a login where a community is needed",
	    .a = "devices:\n"
		 "  - {name: r1, host: 192.0.2.1, platform: snmp, credential: ro}\n",
	    .expected = "inventory.d/a.yml:2:5: credential 'ro' is no account of SNMP: it needs "
			"'community', "
			"or 'user' with 'auth'\n" },
	{ .name = "SNMP to a command line",
	    .a = "devices:\n"
		 "  - {name: r1, host: 192.0.2.1, platform: linux, transport: snmp, credential: "
		 "ro}\n",
	    .expected = "inventory.d/a.yml:2:5: transport snmp and platform snmp go together\n" },
	{ .name = "a host with a port",
	    .a = "devices:\n"
		 "  - {name: r1, host: \"192.0.2.1:22\", platform: linux, credential: ro}\n",
	    .expected = "inventory.d/a.yml:2:22: 'host' cannot be '192.0.2.1:22': not an IPv6 "
			"address; a port is a key of its own: 'port: 22'\n" },
	{ .name = "a host with a user",
	    .a = "devices:\n"
		 "  - {name: r1, host: gatebook@r1, platform: linux, credential: ro}\n",
	    .expected = "inventory.d/a.yml:2:22: 'host' cannot be 'gatebook@r1': the login name "
			"belongs into the credential\n" },
	{ .name = "a host that is a URL",
	    .a = "devices:\n"
		 "  - {name: r1, host: https://r1, platform: linux, credential: ro}\n",
	    .expected = "inventory.d/a.yml:2:22: 'host' cannot be 'https://r1': an address or a "
			"host name, no URL and no prefix\n" },
	{ .name = "a host that is no address",
	    .a = "devices:\n"
		 "  - {name: r1, host: 192.0.2.256, platform: linux, credential: ro}\n",
	    .expected = "inventory.d/a.yml:2:22: 'host' cannot be '192.0.2.256': not an address: "
			"four numbers of 0 to 255 without leading zeros\n" },
	{ .name = "a host with a leading zero",
	    .a = "devices:\n"
		 "  - {name: r1, host: 192.0.2.01, platform: linux, credential: ro}\n",
	    .expected = "inventory.d/a.yml:2:22: 'host' cannot be '192.0.2.01': not an address: "
			"four numbers of 0 to 255 without leading zeros\n" },
	{ .name = "a host with a strange letter",
	    .a = "devices:\n"
		 "  - {name: r1, host: r1$x, platform: linux, credential: ro}\n",
	    .expected = "inventory.d/a.yml:2:22: 'host' cannot be 'r1$x': a host name has letters, "
			"digits, '.' and '-'\n" },
	{ .name = "a port of zero",
	    .a = "devices:\n"
		 "  - {name: r1, host: 192.0.2.1, platform: linux, credential: ro, port: 0}\n",
	    .expected = "inventory.d/a.yml:2:72: 'port' is out of range: 0 (1 to 65535)\n" },
	{ .name = "a port too high",
	    .a = "devices:\n"
		 "  - {name: r1, host: 192.0.2.1, platform: linux, credential: ro, port: 65536}\n",
	    .expected = "inventory.d/a.yml:2:72: 'port' is out of range: 65536 (1 to 65535)\n" },
	{ .name = "a transport mistyped",
	    .a = "devices:\n"
		 "  - {name: r1, host: 192.0.2.1, platform: linux, credential: ro, transport: "
		 "shh}\n",
	    .expected = "inventory.d/a.yml:2:77: 'transport' cannot be 'shh' (did you mean "
			"'ssh'?)\n" },
	{ .name = "a transport that is none",
	    .a = "devices:\n"
		 "  - {name: r1, host: 192.0.2.1, platform: linux, credential: ro, transport: "
		 "telnet}\n",
	    .expected = "inventory.d/a.yml:2:77: 'transport' cannot be 'telnet': one of ssh, "
			"snmp, local, replay\n" },
	{ .name = "algorithms that are none",
	    .a = "devices:\n"
		 "  - {name: r1, host: 192.0.2.1, platform: linux, credential: ro, algorithms: "
		 "all}\n",
	    .expected = "inventory.d/a.yml:2:78: 'algorithms' cannot be 'all': one of modern, "
			"sha1-kex, ancient\n" },
	{ .name = "a poll too often",
	    .a = "devices:\n"
		 "  - {name: r1, host: 192.0.2.1, platform: linux, credential: ro, every: 5s}\n",
	    .expected = "inventory.d/a.yml:2:73: 'every' is out of range: 5s (10s to 31d)\n" },
	{ .name = "a poll too seldom",
	    .a = "devices:\n"
		 "  - {name: r1, host: 192.0.2.1, platform: linux, credential: ro, every: 32d}\n",
	    .expected = "inventory.d/a.yml:2:73: 'every' is out of range: 32d (10s to 31d)\n" },
	{ .name = "tags: a text",
	    .a = "devices:\n"
		 "  - {name: r1, host: 192.0.2.1, platform: linux, credential: ro, tags: edge}\n",
	    .expected = "inventory.d/a.yml:2:72: 'tags' wants a list, not a text\n" },
	{ .name = "tags: a bad one",
	    .a = "devices:\n"
		 "  - {name: r1, host: 192.0.2.1, platform: linux, credential: ro, tags: [edge, "
		 "\"a b\"]}\n",
	    .expected = "inventory.d/a.yml:2:79: 'tags' cannot be 'a b': letters, digits, '.', '_' "
			"and '-', the first a letter or digit\n" },
	{ .name = "tags: all",
	    .a = "devices:\n"
		 "  - {name: r1, host: 192.0.2.1, platform: linux, credential: ro, tags: [all]}\n",
	    .expected = "inventory.d/a.yml:2:73: 'tags' cannot be 'all': @all means every "
			"device\n" },
	{ .name = "site: all",
	    .a = "devices:\n"
		 "  - {name: r1, host: 192.0.2.1, platform: linux, credential: ro, site: all}\n",
	    .expected = "inventory.d/a.yml:2:72: 'site' cannot be 'all': @all means every "
			"device\n" },
	{ .name = "enabled: no truth",
	    .a = "devices:\n"
		 "  - {name: r1, host: 192.0.2.1, platform: linux, credential: ro, enabled: 2}\n",
	    .expected = "inventory.d/a.yml:2:75: 'enabled' wants true or false, not '2'\n" },
	{ .name = "commands: empty",
	    .a = "devices:\n"
		 "  - {name: r1, host: 192.0.2.1, platform: linux, credential: ro, commands: []}\n",
	    .expected = "inventory.d/a.yml:2:76: 'commands' is empty: leave it out for the "
			"platform's own\n" },
	{ .name = "commands: a text",
	    .a = "devices:\n"
		 "  - {name: r1, host: 192.0.2.1, platform: linux, credential: ro, commands: "
		 "show}\n",
	    .expected = "inventory.d/a.yml:2:76: 'commands' wants a list, not a text\n" },
	{ .name = "commands: a stranger",
	    .a = "devices:\n"
		 "  - {name: r1, host: 192.0.2.1, platform: linux, credential: ro, commands: "
		 "[reload]}\n",
	    .expected = "inventory.d/a.yml:2:77: 'reload' is no command of linux: 'gatebook driver "
			"show linux' lists them\n" },
	{ .name = "replay without its transport",
	    .a = "devices:\n"
		 "  - {name: r1, host: 192.0.2.1, platform: linux, credential: ro, replay: x}\n",
	    .expected = "inventory.d/a.yml:2:5: 'replay' needs 'transport: replay'\n" },
	{ .name = "transport replay without a file",
	    .a = "devices:\n"
		 "  - {name: r1, platform: linux, transport: replay}\n",
	    .expected = "inventory.d/a.yml:2:5: a device without 'replay': recorded reply, or a "
			"folder of them\n" },
	{ .name = "its own prefixes",
	    .a = "devices:\n"
		 "  - {name: r1, host: 192.0.2.1, platform: linux, credential: ro, internal: "
		 "[10.0.0.1/8]}\n",
	    .expected = "inventory.d/a.yml:2:77: 'internal': '10.0.0.1/8' is not a prefix: host "
			"bits are set: did you mean 10.0.0.0/8\n" },
	{ .name = "ssh without host and credential",
	    .a = "devices:\n"
		 "  - {name: r1, platform: linux}\n",
	    .expected = "inventory.d/a.yml:2:5: a device without 'host': address or host name\n"
			"inventory.d/a.yml:2:5: a device without 'credential': a name of "
			"'credentials:' in gatebook.yml\n" },
	{ .name = "a secret in a device",
	    .a = "devices:\n"
		 "  - {name: r1, host: 192.0.2.1, platform: linux, credential: ro, password: "
		 "hunter2}\n",
	    .expected = "inventory.d/a.yml:2:66: unknown key 'password': a device has name, host, "
			"replay, source, source_id, source_state, platform, credential, site, "
			"tags, "
			"from, via, port, transport, algorithms, commands, internal, every, "
			"timeout, "
			"max_sessions, max_cpu, contexts, "
			"identity, enabled\n" },
	{ .name = "contexts of what has none",
	    .a = "devices:\n"
		 "  - {name: r1, host: 192.0.2.1, platform: linux, credential: ro, identity: true, "
		 "contexts: [vlan-7]}\n",
	    .expected = "inventory.d/a.yml:2:5: 'contexts' needs platform snmp and 'identity: "
			"true'\n" },
	{ .name = "a ceiling over all",
	    .a = "devices:\n"
		 "  - {name: r1, host: 192.0.2.1, platform: linux, credential: ro, max_cpu: 101}\n",
	    .expected = "inventory.d/a.yml:2:75: 'max_cpu' is out of range: 101 (1 to 100)\n" },
	{ .name = "a source that is no address",
	    .a = "devices:\n"
		 "  - {name: r1, host: 192.0.2.1, platform: linux, credential: ro, from: eth0}\n",
	    .expected = "inventory.d/a.yml:2:72: 'from' wants an address of this machine, not "
			"'eth0'\n" },
	{ .name = "a jump host that is no device",
	    .a = "devices:\n"
		 "  - {name: r1, host: 192.0.2.1, platform: linux, credential: ro, via: bastion}\n",
	    .expected = "inventory.d/a.yml:2:71: 'via': 'bastion' is no device: a jump host is "
			"one, "
			"though it may be 'enabled: false'\n" },
	{ .name = "a jump host behind a jump host, and one behind itself",
	    .a = "defaults: {platform: linux, credential: ro}\n"
		 "devices:\n"
		 "  - {name: a, host: 192.0.2.1}\n"
		 "  - {name: b, host: 192.0.2.1, via: a}\n"
		 "  - {name: c, host: 192.0.2.1, via: b}\n"
		 "  - {name: d, host: 192.0.2.1, via: d}\n",
	    .expected = "inventory.d/a.yml:5:37: 'via': 'b' is behind a jump host itself\n"
			"inventory.d/a.yml:6:37: 'via': 'd' is the device itself\n" },
	{ .name = "a jump host of what needs none",
	    .a = "devices:\n"
		 "  - {name: a, host: 192.0.2.1, platform: linux, credential: ro}\n"
		 "  - {name: b, platform: linux, transport: local, via: a}\n",
	    .expected = "inventory.d/a.yml:3:55: 'via' needs transport ssh\n" },
	{ .name = "a name among the defaults",
	    .a = "defaults: {name: r1}\n",
	    .expected = "inventory.d/a.yml:1:12: unknown key 'name': 'defaults' has platform, "
			"credential, site, tags, from, via, port, transport, algorithms, commands, "
			"internal, "
			"every, timeout, max_sessions, max_cpu, contexts, identity, enabled\n" },
	{ .name = "an unknown default",
	    .a = "defaults: {site: ber, plattform: linux}\n",
	    .expected = "inventory.d/a.yml:1:23: unknown key 'plattform' (did you mean "
			"'platform'?)\n" },
	{ .name = "a fault in the defaults is said once",
	    .a = "defaults: {platform: linus, every: 1s}\n"
		 "devices:\n"
		 "  - {name: r1, host: 192.0.2.1, credential: ro}\n"
		 "  - {name: r2, host: 192.0.2.2, credential: ro}\n",
	    .expected = "inventory.d/a.yml:1:22: unknown platform 'linus' (did you mean 'linux'?)\n"
			"inventory.d/a.yml:1:36: 'every' is out of range: 1s (10s to 31d)\n" },
	{ .name = "a device twice",
	    .a = "devices:\n"
		 "  - {name: r1, host: 192.0.2.1, platform: linux, credential: ro}\n"
		 "  - {name: r1, host: 192.0.2.2, platform: linux, credential: ro}\n",
	    .expected = "inventory.d/a.yml:3:12: device 'r1' is already defined at "
			"inventory.d/a.yml:2\n" },
	{ .name = "a device in two files",
	    .a = "devices:\n"
		 "  - {name: r1, host: 192.0.2.1, platform: linux, credential: ro}\n",
	    .b = "devices:\n"
		 "  - host: 192.0.2.2\n"
		 "    name: r1\n"
		 "    platform: linux\n"
		 "    credential: ro\n",
	    .expected = "inventory.d/b.yml:3:11: device 'r1' is already defined at "
			"inventory.d/a.yml:2\n" },
	{ .name = "a device thrice",
	    .a = "devices:\n"
		 "  - {name: r1, host: 192.0.2.1, platform: linux, credential: ro}\n"
		 "  - {name: r1, host: 192.0.2.2, platform: linux, credential: ro}\n",
	    .b = "devices:\n"
		 "  - {name: r1, host: 192.0.2.1, platform: linux, credential: ro}\n",
	    .expected =
		"inventory.d/a.yml:3:12: device 'r1' is already defined at inventory.d/a.yml:2\n"
		"inventory.d/b.yml:2:12: device 'r1' is already defined at inventory.d/a.yml:2\n" },
	{ .name = "faults are said in the order of the files",
	    .a = "devices:\n"
		 "  - {name: r1, host: 192.0.2.1, platform: linux, credential: ro}\n"
		 "  - {name: r1, host: 192.0.2.2, platform: linux, credential: ro}\n"
		 "  - {host: 192.0.2.3, platform: linux, credential: ro, port: 0}\n",
	    .b = "devices: [r2]\n",
	    .expected = "inventory.d/a.yml:3:12: device 'r1' is already defined at "
			"inventory.d/a.yml:2\n"
			"inventory.d/a.yml:4:5: a device without 'name': what you call it here\n"
			"inventory.d/a.yml:4:62: 'port' is out of range: 0 (1 to 65535)\n"
			"inventory.d/b.yml:1:11: a device is a map: '- name: NAME' and more keys "
			"below it\n" },
	{ .name = "faults of two files",
	    .a = "devices:\n"
		 "  - {name: r1, host: 192.0.2.1, platform: linux, credential: ro, port: x}\n",
	    .b = "devices:\n"
		 "  - {name: r2, host: 192.0.2.1, platform: linux, credential: ro, port: y}\n",
	    .expected = "inventory.d/a.yml:2:72: 'port' wants a whole number, not 'x' (22 unless "
			"said, 161 of snmp)\n"
			"inventory.d/b.yml:2:72: 'port' wants a whole number, not 'y' (22 unless "
			"said, 161 of snmp)\n" },
	{ .name = "an alias to a fault is said once",
	    .a = "defaults: {tags: &t [\"a b\"]}\n"
		 "devices:\n"
		 "  - {name: r1, host: 192.0.2.1, platform: linux, credential: ro, tags: *t}\n",
	    .expected = "inventory.d/a.yml:1:22: 'tags' cannot be 'a b': letters, digits, '.', '_' "
			"and '-', the first a letter or digit\n" },
	{ .name = "a list that holds itself",
	    .a = "devices: &d\n"
		 "  - *d\n",
	    .expected = "inventory.d/a.yml:1:10: a device is a map: '- name: NAME' and more keys "
			"below it\n" },
	{ .name = "a broken gatebook.yml blames no credential",
	    .main = "limits: [\n",
	    .a = "devices:\n"
		 "  - {name: r1, host: 192.0.2.1, platform: linux, credential: ro, port: 0}\n",
	    .expected = "gatebook.yml:2:1: YAML: did not find expected node content\n"
			"inventory.d/a.yml:2:72: 'port' is out of range: 0 (1 to 65535)\n" },
	{ .name = "a credential with a fault is still known",
	    .main = "credentials:\n"
		    "  ro: {user: u, password: hunter2}\n",
	    .a = "devices:\n"
		 "  - {name: r1, host: 192.0.2.1, platform: linux, credential: ro}\n",
	    .expected = "gatebook.yml:2:27: 'password': a secret does not stand in the "
			"configuration: write a reference: file:, env:, systemd:, exec:\n" },
};

int
main(void)
{
	int failed = 0;

	failed += folder_run("devices", devices, sizeof devices / sizeof devices[0]);
	return failed;
}
