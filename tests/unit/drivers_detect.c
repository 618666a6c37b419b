/* What tells the platforms apart: every driver is found by its own signs, and by nobody else's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "drivers/detect.h"

/* The first lines of real answers, as devices print them. */
static const struct {
	const char *driver, *line;
} answers[] = {
	{ "arista_eos", "Arista CCS-720XP-24ZY4-F" },
	{ "aruba_os", "ArubaOS (MODEL: Aruba7210-US), Version 8.6.0.4" },
	{ "brocade_fastiron",
	    "  Copyright (c) 1996-2016 Brocade Communications Systems, Inc. All rights reserved." },
	{ "checkpoint_gaia", "Product version Check Point Gaia R77.30" },
	{ "cisco_asa", "Cisco Adaptive Security Appliance Software Version 9.8(3)21 <context>" },
	{ "cisco_ios",
	    "Cisco IOS Software, Catalyst 4500 L3 Switch Software (cat4500e-ENTSERVICESK9-M), "
	    "Version 12.2(54)SG1, RELEASE " },
	{ "cisco_ios", "Cisco IOS XE Software, Version 16.09.04" },
	{ "cisco_nxos", "Cisco Nexus Operating System (NX-OS) Software" },
	{ "cisco_xr", "Cisco IOS XR Software, Version 5.3.2[Default]" },
	{ "dell_force10", "Dell Real Time Operating System Software" },
	{ "extreme_exos", "Image   : ExtremeXOS version 16.1.3.6 16.1.3.6-patch1-10" },
	{ "fortinet", "Version: FortiGate-1500D v6.0.7,build0302,191112 (GA)" },
	{ "hp_comware", "HPE Comware Software, Version 7.1.045, Release 2432P03" },
	{ "hp_comware", "HP Comware Platform Software" },
	{ "hp_procurve", "Image stamp:    /ws/swbuildm/rel_venice_qaoff/code/build/lvm" },
	{ "huawei_usg", "VRP (R) software, Version 5.170 (USG6300 V500R005C00SPC100)" },
	{ "huawei_vrp", "VRP (R) software, Version 8.180 (NE40E V800R011C00SPC200)" },
	{ "juniper_junos", "Junos: 18.4R3.3" },
	{ "juniper_junos", "JUNOS Software Release [10.4R6.5]" },
	{ "linux", "Linux fw1 6.1.0-18-amd64 #1 SMP Debian 6.1.76-1 x86_64 GNU/Linux" },
	{ "mikrotik_routeros", "                  version: 6.48.6 (long-term)" },
	{ "nokia_sros",
	    "TiMOS-B-19.10.R3 both/x86_64 Nokia 7750 SR Copyright (c) 2000-2019 Nokia." },
	{ "paloalto_panos", "sw-version: 9.1.0" },
	{ "juniper_screenos", "Product Name: SSG5-Serial" },
	{ "f5_bigip", "Product      BIG-IP" },
	{ "sonicwall", "firmware-version \"SonicOS Enhanced 6.5.4.4-44n\"" },
	{ "pf", "OpenBSD gw.example 7.4 GENERIC.MP#1397 amd64" },
	{ "pf", "FreeBSD pfSense.localdomain 11.3-STABLE FreeBSD 11.3-STABLE #236 "
		"21cbb70bbd1(RELENG_2_4_5)" },
	{ "pf", "FreeBSD OPNsense.localdomain 13.2-RELEASE-p5 FreeBSD 13.2-RELEASE-p5 amd64" },
	{ "ubiquiti_edgerouter", "HW model:     EdgeRouter X 5-Port" },
	{ "vmware_esxi", "VMkernel esx1 6.7.0 #1 SMP Release build-14320388 x86_64 GNU/Linux" },
	{ "vyos", "Version:          VyOS 1.3.0" },
};

static unsigned
drivers_of(uint64_t set, const struct driver *found[DETECT_DRIVERS])
{
	unsigned n = 0;

	for (unsigned i = 0; i < drivers_count; i++)
		if (set >> i & 1)
			found[n++] = drivers[i];
	return n;
}

static void
tells_apart(void **state)
{
	const struct driver *found[DETECT_DRIVERS];

	(void)state;
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		struct detection d = { 0 };

		d.asked = driver_find(answers[i].driver)->signs.version;
		detect_line(&d, text_of("some other line"));
		detect_line(&d, text_of(answers[i].line));
		assert_true(detect_heard(&d));
		assert_int_equal(drivers_of(detect_found(&d), found), 1);
		assert_string_equal(found[0]->name, answers[i].driver);
	}
}

/* Two that say the same are both named. */
static void
names_both(void **state)
{
	const struct driver *found[DETECT_DRIVERS];
	struct detection d = { .asked = "uname -a" };

	(void)state;
	detect_line(
	    &d, text_of("FreeBSD gw.example 13.2-RELEASE FreeBSD 13.2-RELEASE GENERIC amd64"));
	assert_true(detect_heard(&d));
	assert_int_equal(drivers_of(detect_found(&d), found), 2);
	assert_string_equal(found[0]->name, "freebsd");
	assert_string_equal(found[1]->name, "pf");
}

static void
asks_the_likeliest(void **state)
{
	static const struct {
		const char *banner, *prompt, *first;
	} all[] = {
		{ "Cisco-1.25", "r1#", "show version" },
		{ "OpenSSH_8.4p1", "gatebook@fw1:~$", "show version" }, /* VyOS as well as Linux */
		{ "HUAWEI-1.5", "<fw1>", "display version" },
		{ "-", "<sw1>", "display version" },
		{ "OpenSSH_7.4", "sw1>", "show version" },
		{ "OpenSSH_6.6", "gatebook@pa1>", "show system info" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		struct detection d = { 0 };

		assert_false(detect_banner(&d, all[i].banner));
		detect_prompt(&d, all[i].prompt);
		assert_string_equal(detect_next(&d), all[i].first);
	}
}

static void
needs_no_question(void **state)
{
	const struct driver *found[DETECT_DRIVERS];
	struct detection d = { 0 };

	(void)state;
	assert_true(detect_banner(&d, "ROSSSH"));
	assert_int_equal(drivers_of(detect_found(&d), found), 1);
	assert_string_equal(found[0]->name, "mikrotik_routeros");
	d = (struct detection){ 0 };
	assert_true(detect_banner(&d, "WatchGuard"));
	assert_int_equal(drivers_of(detect_found(&d), found), 1);
	assert_string_equal(found[0]->name, "watchguard");
}

/* A handful of lines, none twice, and what was denied is no longer proposed. */
static void
gives_up(void **state)
{
	const struct driver *found[DETECT_DRIVERS];
	struct detection d = { 0 };
	unsigned asked = 0;

	(void)state;
	detect_prompt(&d, "<fw1>");
	while (detect_next(&d)) {
		assert_true(driver_may_send(detect_stranger(), d.asked));
		for (unsigned i = 0; i < asked; i++)
			assert_string_not_equal(d.tried[i], d.asked);
		detect_line(&d, text_of("% Invalid input"));
		assert_false(detect_heard(&d));
		asked++;
	}
	assert_int_equal(asked, DETECT_ASKS);
	assert_int_equal(drivers_of(detect_found(&d), found), 0);
}

/* A stranger is asked nothing but what it is. */
static void
sends_questions_only(void **state)
{
	const struct driver *s = detect_stranger();

	(void)state;
	assert_true(driver_may_send(s, "show version"));
	assert_true(driver_may_send(s, "quit"));
	assert_false(driver_may_send(s, "show conn"));
	assert_false(driver_may_send(s, "reload"));
	for (const struct command *c = s->commands; c->send; c++)
		for (unsigned i = 0; i < drivers_count; i++)
			for (const struct command *k = drivers[i]->commands; k->send; k++)
				assert_string_not_equal(c->send, k->send);
	assert_true(drivers_count <= DETECT_DRIVERS);
}

static void
says_agent(const char *object, const char *description, const char *name, unsigned n)
{
	struct detection d = { 0 };
	uint64_t found;

	detect_agent(&d, object, text_of(description));
	found = detect_found(&d);
	assert_int_equal(__builtin_popcountll(found), n);
	for (unsigned i = 0; i < drivers_count && n == 1; i++)
		if (found >> i & 1)
			assert_string_equal(drivers[i]->name, name);
}

/* sysObjectID has the vendor, sysDescr the platform; neither speaks for a stranger. */
static void
agents(void **state)
{
	(void)state;
	says_agent("1.3.6.1.4.1.9.1.1208",
	    "Cisco IOS Software, C2960X Software\r\nTechnical Support", "cisco_ios", 1);
	says_agent(
	    "1.3.6.1.4.1.9.1.2436", "Cisco IOS XR Software (ASR9K), Version 6.1.4", "cisco_xr", 1);
	says_agent("1.3.6.1.4.1.9.12.3.1.3.1", "Cisco NX-OS(tm) n9000", "", 4);
	says_agent("1.3.6.1.4.1.12356.101.1.1041", "", "fortinet", 1);
	says_agent("1.3.6.1.4.1.8072.3.2.10", "Linux fw1 6.1.0-31-amd64", "linux", 1);
	says_agent("1.3.6.1.4.1.99999.1", "Linux fw1 6.1.0-31-amd64", "linux", 1);
	says_agent("1.3.6.1.4.1.123569.1", "A thing", "", 0);
	says_agent("", "", "", 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_apart),
		cmocka_unit_test(names_both),
		cmocka_unit_test(asks_the_likeliest),
		cmocka_unit_test(needs_no_question),
		cmocka_unit_test(gives_up),
		cmocka_unit_test(sends_questions_only),
		cmocka_unit_test(agents),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
