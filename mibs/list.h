/* All MIBs, sorted by name: one line each. Included with MIB defined. */
MIB(ip_mib)
MIB(tcp_mib)
MIB(udp_mib)
