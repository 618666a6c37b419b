/* Cisco ASA: messages about connections and translations. Only cisco_asa.c includes this file. */
#ifndef GATEBOOK_DRIVERS_CISCO_ASA_LOG_H
#define GATEBOOK_DRIVERS_CISCO_ASA_LOG_H

/* clang-format off */
#define BUILT_IN "{place...}{row!asa_message} Built inbound {proto} connection "
#define BUILT_OUT "{place...}{row!asa_message} Built outbound {proto} connection "
#define TEARDOWN "{place...}{row!asa_message} Teardown {proto} connection "
#define MAPPED "{number} for {far.iface}:{far} ({far_nat})[({user})] to "                          \
	"{near.iface}:{near} ({near_nat})[({user})][ ({_})]{state=built}"
#define ICMP_ENDS "for faddr {far}[({user})] gaddr {near_nat} laddr {near}[({user})][ ({_})]"      \
	"[ type {number} code {number}]"
#define TRANSLATION " {_} {proto} translation from {near.iface}:{near} to {far.iface}:{near_nat}"

/* Messages of a log, in whatever a collector puts before them. The mapped pair stands in brackets,
 * a user glued to it. */
static const char *const syslog[] = {
	/* %ASA-6-302013: Built outbound TCP connection 180 for outside:203.0.113.18/443
	 * (203.0.113.18/443) to inside:10.30.8.14/50231 (192.0.2.44/11002) */
	BUILT_OUT MAPPED "{starter=near}",
	BUILT_IN MAPPED "{starter=far}",
	/* %ASA-6-302014: Teardown TCP connection 180 for outside:203.0.113.200/40825 to
	 * dmz:172.16.20.5/8443 duration 0:08:41 bytes 5120 FIN Timeout from dmz */
	TEARDOWN "{number} for {far.iface}:{far}[({user})] to {near.iface}:{near}[({user})] "
	"duration {age} bytes {bytes} <>{state=teardown}",
	/* %ASA-6-302020: Built inbound ICMP connection for faddr 203.0.113.8/1(LAB\jonas) gaddr
	 * 192.0.2.45/0 laddr 172.16.20.5/0 (jonas) type 8 code 0 */
	BUILT_OUT ICMP_ENDS "{state=built}{starter=near}",
	BUILT_IN ICMP_ENDS "{state=built}{starter=far}",
	TEARDOWN ICMP_ENDS "{state=teardown}",
	/* %ASA-6-305011: Built dynamic TCP translation from inside:10.30.8.14/50231 to
	 * outside:192.0.2.44/11002 */
	"{place...}{row!asa_message} Built" TRANSLATION "{state=built}",
	"{place...}{row!asa_message} Teardown" TRANSLATION " duration {age}{state=teardown}",
	NULL,
};
/* %ASA-7-609002: Teardown local-host outside:203.0.113.7 duration 0:09:12 */
static const char *const syslog_noise[] = { "{place...}{row!asa_other_message}", NULL };
/* clang-format on */

#endif
