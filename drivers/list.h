/* All drivers, sorted by name: one line each. Included with DRIVER defined. */
DRIVER(cisco_asa)
DRIVER(cisco_ios)
DRIVER(cisco_nxos)
DRIVER(cisco_xr)
DRIVER(fortinet)
DRIVER(juniper_junos)
DRIVER(linux)
DRIVER(paloalto_panos)
