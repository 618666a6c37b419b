/* SNMP agents: which tables of which MIB a poll walks. mibs/ reads them; the names are one. */
#include "drivers/driver.h"

static const char *const none[] = { NULL };

#define TABLE(what, place)                                                                         \
	.topic = what, .form = FORM_VARBINDS, .scope = place, .patterns = none, .noise = none

static const struct command commands[] = {
	{ .send = "tcpConnectionTable",
	    TABLE(TOPIC_SOCKETS, SCOPE_HOST),
	    .status = STATUS_VERIFIED },
	/* Predecessors, of agents that have nothing else. */
	{ .send = "tcpConnTable",
	    TABLE(TOPIC_SOCKETS, SCOPE_HOST),
	    .flags = COMMAND_VARIANT,
	    .status = STATUS_VERIFIED },
	{ .send = "tcpListenerTable",
	    TABLE(TOPIC_SOCKETS, SCOPE_HOST),
	    .flags = COMMAND_OPTIONAL,
	    .status = STATUS_VERIFIED },
	{ .send = "udpEndpointTable", TABLE(TOPIC_SOCKETS, SCOPE_HOST), .status = STATUS_VERIFIED },
	{ .send = "udpTable",
	    TABLE(TOPIC_SOCKETS, SCOPE_HOST),
	    .flags = COMMAND_VARIANT,
	    .status = STATUS_VERIFIED },
	{ .send = "fgIpSessTable",
	    TABLE(TOPIC_SESSIONS, SCOPE_TRANSIT),
	    .flags = COMMAND_OPTIONAL | COMMAND_HEAVY,
	    .status = STATUS_LAYOUT },
	/* As many as the router is told to keep, and never all: it says who was seen. */
	{ .send = "cnfTopFlowsTable",
	    TABLE(TOPIC_SESSIONS, SCOPE_TRANSIT),
	    .flags = COMMAND_OPTIONAL,
	    .status = STATUS_LAYOUT },
	{ .send = "natAddrPortBindTable",
	    TABLE(TOPIC_NAT, SCOPE_TRANSIT),
	    .flags = COMMAND_OPTIONAL | COMMAND_HEAVY,
	    .status = STATUS_LAYOUT },
	{ .send = "natAddrBindTable",
	    TABLE(TOPIC_NAT, SCOPE_TRANSIT),
	    .flags = COMMAND_OPTIONAL | COMMAND_HEAVY,
	    .status = STATUS_LAYOUT },
	{ .send = "natv2PortMapTable",
	    TABLE(TOPIC_NAT, SCOPE_TRANSIT),
	    .flags = COMMAND_OPTIONAL | COMMAND_HEAVY,
	    .status = STATUS_LAYOUT },
	/* Names of ports, before what stands behind them. */
	{ .send = "ifXTable", TABLE(TOPIC_PORTS, SCOPE_SELF), .status = STATUS_VERIFIED },
	{ .send = "ifTable",
	    TABLE(TOPIC_PORTS, SCOPE_SELF),
	    .flags = COMMAND_VARIANT,
	    .status = STATUS_SAMPLES },
	{ .send = "dot1dBasePortTable", TABLE(TOPIC_PORTS, SCOPE_SELF), .status = STATUS_LAYOUT },
	{ .send = "lldpLocPortTable", TABLE(TOPIC_PORTS, SCOPE_SELF), .status = STATUS_SAMPLES },
	{ .send = "ipAddressTable", TABLE(TOPIC_NETWORKS, SCOPE_SELF), .status = STATUS_SAMPLES },
	{ .send = "ipAddrTable",
	    TABLE(TOPIC_NETWORKS, SCOPE_SELF),
	    .flags = COMMAND_VARIANT,
	    .status = STATUS_SAMPLES },
	{ .send = "ipNetToPhysicalTable",
	    TABLE(TOPIC_NEIGHBOURS, SCOPE_SELF),
	    .status = STATUS_VERIFIED },
	{ .send = "ipNetToMediaTable",
	    TABLE(TOPIC_NEIGHBOURS, SCOPE_SELF),
	    .flags = COMMAND_VARIANT,
	    .status = STATUS_SAMPLES },
	{ .send = "lldpRemTable", TABLE(TOPIC_NEIGHBOURS, SCOPE_SELF), .status = STATUS_SAMPLES },
	{ .send = "cdpCacheTable", TABLE(TOPIC_NEIGHBOURS, SCOPE_SELF), .status = STATUS_LAYOUT },
	{ .send = "dot1qTpFdbTable", TABLE(TOPIC_STATIONS, SCOPE_SELF), .status = STATUS_LAYOUT },
	{ .send = "dot1dTpFdbTable",
	    TABLE(TOPIC_STATIONS, SCOPE_SELF),
	    .flags = COMMAND_VARIANT,
	    .status = STATUS_LAYOUT },
	/* What is asked before and after all else. */
	{ .send = "system", TABLE(TOPIC_SYSTEM, SCOPE_SELF), .status = STATUS_SAMPLES },
	{ .send = "hrProcessorTable", TABLE(TOPIC_LOAD, SCOPE_SELF), .status = STATUS_SAMPLES },
	{ .send = "cpmCPUTotalTable",
	    TABLE(TOPIC_LOAD, SCOPE_SELF),
	    .flags = COMMAND_VARIANT,
	    .status = STATUS_LAYOUT },
	{ .send = "fgSysSesCount", TABLE(TOPIC_COUNT, SCOPE_TRANSIT), .status = STATUS_LAYOUT },
	{ .send = "jnxJsSPUMonitoringObjects",
	    TABLE(TOPIC_COUNT, SCOPE_TRANSIT),
	    .status = STATUS_LAYOUT },
	{ .send = "panSessionActive", TABLE(TOPIC_COUNT, SCOPE_TRANSIT), .status = STATUS_LAYOUT },
	{ .send = "fwNumConn", TABLE(TOPIC_COUNT, SCOPE_TRANSIT), .status = STATUS_LAYOUT },
	{ .send = "sysStatClientCurConns",
	    TABLE(TOPIC_COUNT, SCOPE_TRANSIT),
	    .status = STATUS_LAYOUT },
	{ .send = NULL },
};

static const char *const aliases[] = { "snmpv2", "snmpv3", "mib2", NULL };

const struct driver driver_snmp = {
	.name = "snmp",
	.title = "SNMP agent (TCP-, UDP-, IP-MIB and others)",
	.aliases = aliases,
	.commands = commands,
	.blind = "What passes through the agent's host: its own sockets are listed only, without "
		 "their age, "
		 "bytes or who began; a socket that came and went between two polls.",
	.privilege = "a read view of the tables named here: community, or user of SNMPv3",
	.status = STATUS_VERIFIED,
};
