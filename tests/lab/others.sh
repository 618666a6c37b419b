#!/bin/sh
# Real programs besides the firewall's own: Open vSwitch with NAT in software, HAProxy, FRRouting's vty. Each
# stands behind an sshd of the firewall with a forced command. Sourced by inside.sh; all of it ends with the
# namespaces.

# forced DIR NAME COMMAND...: DIR/NAME.door runs the commands, given as lines of sh.
forced() {
	printf '#!/bin/sh\n%s\n' "$3" > "$1/$2.door"
	chmod 755 "$1/$2.door"
}

# await COMMAND...: until it succeeds, five seconds at most.
await() {
	tries=0
	until "$@" >/dev/null 2>&1; do
		tries=$((tries + 1))
		[ $tries -gt 100 ] && { echo "others.sh: not there: $*" >&2; return 1; }
		sleep 0.05
	done
}

# 10.40.0.5 -- switch (source NAT to 203.0.113.200, zone 3) -- 203.0.113.10, in namespaces of their own.
ovs_up() {
	export OVS_RUNDIR="$1" OVS_LOGDIR="$1" OVS_DBDIR="$1"
	for ns in left right switch; do
		ip netns add $ns
		ip -n $ns link set lo up
	done
	ovsdb-tool create "$1/conf.db" /usr/share/openvswitch/vswitch.ovsschema
	in_ns switch ovsdb-server "$1/conf.db" --remote=punix:"$1/db.sock" --pidfile="$1/ovsdb.pid" \
		--unixctl="$1/ovsdb.ctl" --detach --log-file="$1/ovsdb.log" -vconsole:off
	ovs-vsctl --db=unix:"$1/db.sock" --no-wait init
	in_ns switch ovs-vswitchd unix:"$1/db.sock" --pidfile="$1/vs.pid" --unixctl="$1/vs.ctl" --detach \
		--log-file="$1/vs.log" -vconsole:off --disable-system
	for ns in left right; do
		ip link add v$ns netns switch type veth peer name eth0 netns $ns
		ip -n switch link set v$ns up
		ip -n $ns link set eth0 up
		# With partial checksums conntrack calls every packet invalid.
		in_ns $ns ethtool -K eth0 tx off >/dev/null
	done
	ip -n left addr add 10.40.0.5/24 dev eth0
	ip -n left route add default via 10.40.0.1
	ip -n right addr add 203.0.113.10/24 dev eth0
	ovs-vsctl --db=unix:"$1/db.sock" add-br br0 -- set bridge br0 datapath_type=netdev \
		-- add-port br0 vleft -- add-port br0 vright
	ip -n left neigh add 10.40.0.1 lladdr "$(in_ns right cat /sys/class/net/eth0/address)" dev eth0
	ip -n right neigh add 203.0.113.200 lladdr "$(in_ns left cat /sys/class/net/eth0/address)" dev eth0
	ovs-ofctl add-flows "$1/br0.mgmt" - <<-'FLOWS'
	table=0,priority=10,ip,in_port=vleft,ct_state=-trk actions=ct(commit,zone=3,nat(src=203.0.113.200),table=1)
	table=0,priority=10,ip,in_port=vright,ct_state=-trk actions=ct(zone=3,nat,table=1)
	table=1,in_port=vleft actions=output:vright
	table=1,in_port=vright actions=output:vleft
	FLOWS
	forced "$1" ovs "case \$SSH_ORIGINAL_COMMAND in
	'ovs-appctl dpctl/dump-conntrack -s') exec ovs-appctl -t $1/vs.ctl dpctl/dump-conntrack -s ;;
	esac; exit 126"
	firewall_door "$1" ovs 2201 "$1/ovs.door"
}

haproxy_up() {
	cat > "$1/haproxy.cfg" <<-CONF
	global
	    stats socket $1/haproxy.sock mode 600 level operator
	defaults
	    mode tcp
	    timeout connect 5s
	    timeout client 10m
	    timeout server 10m
	frontend asks
	    bind 10.20.0.1:8080
	    default_backend answers
	backend answers
	    server s1 203.0.113.10:443
	CONF
	in_ns fw haproxy -D -p "$1/haproxy.pid" -f "$1/haproxy.cfg" 2>"$1/haproxy.log"
	await test -S "$1/haproxy.sock"
	forced "$1" proxy "case \$SSH_ORIGINAL_COMMAND in
	'show sess all') echo \"\$SSH_ORIGINAL_COMMAND\" | socat - UNIX-CONNECT:$1/haproxy.sock; exit ;;
	esac; exit 126"
	firewall_door "$1" proxy 2202 "$1/proxy.door"
}

# A line like that of IOS: the vty of zebra, which speaks telnet, behind sshd. It logs every command.
frr_up() {
	cat > "$1/zebra.conf" <<-CONF
	hostname edge-frr
	log file $1/zebra.log
	log commands
	line vty
	 no login
	CONF
	chmod 755 "$1"
	touch "$1/zebra.log"
	chown frr:frr "$1/zebra.conf" "$1/zebra.log" 2>/dev/null
	mkdir -p /run/frr && chown frr:frr /run/frr 2>/dev/null
	in_ns fw /usr/lib/frr/zebra -d -f "$1/zebra.conf" -i /run/frr/zebra.pid -z /run/frr/zserv.api \
		--vty_socket /run/frr -u frr -g frr -P 2601 -A 127.0.0.1 2>"$1/zebra.err"
	await in_ns fw sh -c 'ss -Hltn | grep -q 127.0.0.1:2601'
	forced "$1" frr 'exec socat STDIO,raw,echo=0 TCP4:127.0.0.1:2601'
	firewall_door "$1" frr 2203 "$1/frr.door"
}

# The account of `driver authz linux`: its program behind sshd, real sudo with a log of its own.
sudo_up() {
	[ -n "${GATEBOOK:-}" ] && command -v sudo >/dev/null || return 0
	mount -t tmpfs -o mode=755 tmpfs /etc/sudoers.d
	printf 'Defaults logfile=%s/sudo-ran.log, log_year, !syslog\n' "$1" > /etc/sudoers.d/lab
	chmod 440 /etc/sudoers.d/lab
	"$GATEBOOK" driver authz linux -o forcecommand > "$1/sudo.door"
	chmod 755 "$1/sudo.door"
	firewall_door "$1" sudo 2204 "$1/sudo.door"
}

# A real agent of the inside host, whose sockets are the lab's traffic. Its users are those of tests/lab/agents.
snmpd_up() {
	mkdir -p "$1/snmp"
	printf 'agentAddress udp:10.20.0.11:161\nmaster agentx\nrocommunity gatebook-ro 10.20.0.0/24\n' > "$1/snmpd.conf"
	while read -r name auth priv; do
		case $name in '' | '#') continue ;; esac
		words='' level=noauth
		[ "$auth" != - ] && words=" $auth \"auth-password\"" level=auth
		[ "$priv" != - ] && words="$words $priv \"priv-password\"" level=priv
		printf 'createUser %s%s\nrouser %s %s\n' "$name" "$words" "$name" "$level" >> "$1/snmpd.conf"
	done < "$lab/agents"
	SNMP_PERSISTENT_DIR="$1/snmp" MIBS='' in_ns in /usr/sbin/snmpd -C -c "$1/snmpd.conf" -Lf "$1/snmpd.log" \
		-p "$1/snmpd.pid" -I -smux -x "$1/agentx"
	await test -s "$1/snmpd.pid"
	printf gatebook-ro > "$1/community"
	printf auth-password > "$1/auth"
	printf priv-password > "$1/priv"
	chmod 600 "$1/community" "$1/auth" "$1/priv"
}

# lldpd DIR NETNS NAME [OPTION...]: announces itself as NAME each second.
lldpd_start() {
	dir=$1 ns=$2 name=$3
	shift 3
	printf 'configure system hostname %s\nconfigure lldp tx-interval 1\n' "$name" > "$dir/$name.lldp"
	in_ns "$ns" lldpd -u "$dir/$name.sock" -p "$dir/$name.pid" -O "$dir/$name.lldp" "$@" 2>"$dir/$name.log"
}

# The inside host's neighbour is the firewall; what it hears its snmpd says.
lldpd_up() {
	mkdir -p /run/lldpd
	lldpd_start "$1" in inside-host -x -X "$1/agentx" -I in0
	lldpd_start "$1" fw edge-fw -I lan0
	await sh -c "lldpcli -u $1/inside-host.sock show neighbors | grep -q edge-fw"
}

others_up() {
	PATH=$PATH:/usr/sbin:/sbin
	haproxy_up "$1"
	snmpd_up "$1"
	background asks in hold 1 10.20.0.12 10.20.0.1 8080 600
	# The switch opens /dev/net/tun, zebra and lldpd change their user: only root may.
	[ "$(id -u)" = 0 ] || return 0
	ovs_up "$1" >"$1/ovs.out" 2>&1 || cat "$1/ovs.out" >&2
	frr_up "$1"
	sudo_up "$1"
	lldpd_up "$1"
	background right right serve 203.0.113.10:443
	background left left hold 2 10.40.0.5 203.0.113.10 443 600
}
