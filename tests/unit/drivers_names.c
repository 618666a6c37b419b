/* The names that other tools have for our platforms, as they stand in their documentation: each
 * leads to one driver, and an unknown one to none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include <strings.h>

#include "drivers/driver.h"

static const struct {
	const char *tool, *name, *driver;
} names[] = {
	{ "netmiko", "cisco_ios", "cisco_ios" },
	{ "netmiko", "cisco_xe", "cisco_ios" },
	{ "ansible", "cisco.ios.ios", "cisco_ios" },
	{ "ansible", "ios", "cisco_ios" },
	{ "napalm", "ios", "cisco_ios" },
	{ "oxidized", "ios", "cisco_ios" },
	{ "librenms", "iosxe", "cisco_ios" },
	{ "pyats", "iosxe", "cisco_ios" },
	{ "netmiko", "cisco_nxos", "cisco_nxos" },
	{ "ansible", "cisco.nxos.nxos", "cisco_nxos" },
	{ "napalm", "nxos", "cisco_nxos" },
	{ "napalm", "nxos_ssh", "cisco_nxos" },
	{ "rancid", "cisco-nx", "cisco_nxos" },
	{ "netmiko", "cisco_xr", "cisco_xr" },
	{ "ansible", "cisco.iosxr.iosxr", "cisco_xr" },
	{ "napalm", "iosxr", "cisco_xr" },
	{ "rancid", "cisco-xr", "cisco_xr" },
	{ "rancid", "ios-xr7", "cisco_xr" },
	{ "rancid", "ios-exr", "cisco_xr" },
	{ "netmiko", "cisco_asa", "cisco_asa" },
	{ "netmiko", "cisco_ftd", "cisco_asa" },
	{ "ansible", "cisco.asa.asa", "cisco_asa" },
	{ "napalm", "asa", "cisco_asa" },
	{ "oxidized", "firelinuxos", "cisco_asa" },
	{ "rancid", "fxos", "cisco_asa" },
	{ "librenms", "ftd", "cisco_asa" },
	{ "netmiko", "juniper_junos", "juniper_junos" },
	{ "netmiko", "juniper", "juniper_junos" },
	{ "ansible", "junipernetworks.junos.junos", "juniper_junos" },
	{ "napalm", "junos", "juniper_junos" },
	{ "rancid", "juniper-srx", "juniper_junos" },
	{ "rancid", "junos-evo", "juniper_junos" },
	{ "netmiko", "paloalto_panos", "paloalto_panos" },
	{ "ansible", "paloaltonetworks.panos.panos", "paloalto_panos" },
	{ "napalm", "panos", "paloalto_panos" },
	{ "oxidized", "panos_api", "paloalto_panos" },
	{ "rancid", "paloalto", "paloalto_panos" },
	{ "netmiko", "fortinet", "fortinet" },
	{ "ansible", "fortinet.fortios.fortios", "fortinet" },
	{ "napalm", "fortios", "fortinet" },
	{ "oxidized", "fortigate", "fortinet" },
	{ "netmiko", "arista_eos", "arista_eos" },
	{ "ansible", "arista.eos.eos", "arista_eos" },
	{ "napalm", "eos", "arista_eos" },
	{ "rancid", "arista", "arista_eos" },
	{ "netmiko", "mikrotik_routeros", "mikrotik_routeros" },
	{ "ansible", "community.routeros.routeros", "mikrotik_routeros" },
	{ "ansible", "community.network.routeros", "mikrotik_routeros" },
	{ "napalm", "ros", "mikrotik_routeros" },
	{ "oxidized", "routeros", "mikrotik_routeros" },
	{ "netmiko", "vyos", "vyos" },
	{ "netmiko", "vyatta_vyos", "vyos" },
	{ "ansible", "vyos.vyos.vyos", "vyos" },
	{ "oxidized", "vyatta", "vyos" },
	{ "netmiko", "ubiquiti_edgerouter", "ubiquiti_edgerouter" },
	{ "ansible", "community.network.edgeos", "ubiquiti_edgerouter" },
	{ "oxidized", "edgeos", "ubiquiti_edgerouter" },
	{ "rancid", "edgerouter", "ubiquiti_edgerouter" },
	{ "rancid", "edgemax", "ubiquiti_edgerouter" },
	{ "netmiko", "linux", "linux" },
	{ "oxidized", "linuxgeneric", "linux" },
	{ "oxidized", "openbsd", "pf" },
	{ "oxidized", "pfsense", "pf" },
	{ "oxidized", "opnsense", "pf" },
	{ "netmiko", "checkpoint_gaia", "checkpoint_gaia" },
	{ "ansible", "check_point.gaia", "checkpoint_gaia" },
	{ "oxidized", "gaiaos", "checkpoint_gaia" },
	{ "librenms", "gaia", "checkpoint_gaia" },
	{ "netmiko", "f5_tmsh", "f5_bigip" },
	{ "netmiko", "f5_linux", "f5_bigip" },
	{ "netutils", "bigip_f5", "f5_bigip" },
	{ "ansible", "f5networks.f5_bigip.bigip", "f5_bigip" },
	{ "napalm", "f5", "f5_bigip" },
	{ "oxidized", "tmos", "f5_bigip" },
	{ "rancid", "bigip", "f5_bigip" },
	{ "rancid", "bigip13", "f5_bigip" },
	{ "netmiko", "huawei", "huawei_vrp" },
	{ "netmiko", "huawei_vrp", "huawei_vrp" },
	{ "netmiko", "huawei_vrpv8", "huawei_vrp" },
	{ "ansible", "community.network.ce", "huawei_vrp" },
	{ "oxidized", "vrp", "huawei_vrp" },
	{ "pyats", "hvrp", "huawei_vrp" },
	{ "netmiko", "hp_comware", "hp_comware" },
	{ "oxidized", "comware", "hp_comware" },
	{ "oxidized", "h3c", "hp_comware" },
	{ "netmiko", "hp_procurve", "hp_procurve" },
	{ "oxidized", "procurve", "hp_procurve" },
	{ "rancid", "hp", "hp_procurve" },
	{ "netmiko", "aruba_os", "aruba_os" },
	{ "oxidized", "aosw", "aruba_os" },
	{ "librenms", "arubaos", "aruba_os" },
	{ "netmiko", "aruba_osswitch", "hp_procurve" },
	{ "ntc", "aruba_aoscx", "aruba_aoscx" },
	{ "ansible", "arubanetworks.aoscx", "aruba_aoscx" },
	{ "oxidized", "aoscx", "aruba_aoscx" },
	{ "librenms", "arubaos-cx", "aruba_aoscx" },
	{ "netmiko", "nokia_sros", "nokia_sros" },
	{ "netmiko", "alcatel_sros", "nokia_sros" },
	{ "ansible", "community.network.sros", "nokia_sros" },
	{ "napalm", "sros", "nokia_sros" },
	{ "oxidized", "srosmd", "nokia_sros" },
	{ "rancid", "sros-md", "nokia_sros" },
	{ "librenms", "timos", "nokia_sros" },
	{ "librenms", "vmware-esxi", "vmware_esxi" },
	{ "librenms", "windows", "windows" },
	{ "ansible", "ansible.windows", "windows" },
};

static void
names_of_other_tools(void **state)
{
	(void)state;
	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct driver *d = driver_find(names[i].name);

		if (!d || strcmp(d->name, names[i].driver) != 0)
			fail_msg("%s's %s is %s, not %s", names[i].tool, names[i].name,
			    d ? d->name : "unknown", names[i].driver);
	}
}

static unsigned
holders(const char *name)
{
	unsigned n = 0;

	for (unsigned i = 0; i < drivers_count; i++) {
		bool has = strcasecmp(drivers[i]->name, name) == 0;

		for (unsigned k = 0; drivers[i]->aliases && drivers[i]->aliases[k]; k++)
			has |= strcasecmp(drivers[i]->aliases[k], name) == 0;
		n += has;
	}
	return n;
}

static void
no_name_for_two(void **state)
{
	(void)state;
	for (unsigned i = 0; i < drivers_count; i++) {
		const char *const *aliases = drivers[i]->aliases;

		assert_int_equal(holders(drivers[i]->name), 1);
		for (unsigned k = 0; aliases && aliases[k]; k++)
			if (holders(aliases[k]) != 1)
				fail_msg("%s: '%s' is the name of another too", drivers[i]->name,
				    aliases[k]);
	}
}

/* "cisco" of RANCID means IOS and ASA alike, so it means nothing here. */
static void
unknown_names(void **state)
{
	static const char *const unknown[] = { "cisco", "generic", "", "ios ", "cisco_iso", NULL };

	(void)state;
	for (unsigned i = 0; unknown[i]; i++)
		assert_null(driver_find(unknown[i]));
	assert_non_null(strstr(driver_nearest("cisco_iso"), "'cisco_ios'"));
	assert_non_null(strstr(driver_nearest("junsper_junos"), "'juniper_junos'"));
	assert_null(driver_nearest("toaster"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_of_other_tools),
		cmocka_unit_test(no_name_for_two),
		cmocka_unit_test(unknown_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
