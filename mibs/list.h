/* All MIBs, sorted by name: one line each. Included with MIB defined. */
MIB(bridge_mib)
MIB(counts)
MIB(fortigate_mib)
MIB(if_mib)
MIB(ip_mib)
MIB(lldp_mib)
MIB(tcp_mib)
MIB(udp_mib)
