#!/bin/sh
# A real firewall in network namespaces: inside -- fw -- outside. Sourced by the demo and the lab.
#
#   inside 10.20.0.11 .12 .13, 2001:db8:20::11  --  fw 10.20.0.1 | 192.0.2.1  --  203.0.113.10 .20,
#   198.51.100.7, 2001:db8:feed::10. Masquerade to the outside, port 8443 forwarded to 10.20.0.13:443.
#
# Everything lives in namespaces that die with the first process in them: nothing to clean up.

# firewall_enter SCRIPT [ARG...]: runs SCRIPT in fresh namespaces, as root or as an ordinary user. Exits with
# its status; 77 when the kernel gives no namespaces.
firewall_enter() {
	# sshd as an ordinary user needs to stay that user: so the own uid is mapped, not root.
	user='-U --map-current-user --keep-caps'
	[ "$(id -u)" = 0 ] && user=
	# shellcheck disable=SC2086
	unshare $user -n -m -p -f --kill-child --mount-proc true 2>/dev/null || return 77
	# shellcheck disable=SC2086
	unshare $user -n -m -p -f --kill-child --mount-proc sh "$@"
}

in_ns() { ns=$1; shift; ip netns exec "$ns" "$@"; }

# firewall_up: makes the three namespaces, addresses, routes and rules.
firewall_up() {
	mount -t tmpfs tmpfs /run && mkdir -p /run/netns /run/sshd || return 77
	for ns in in fw out; do
		ip netns add $ns || return 77
		ip -n $ns link set lo up
		# Duplicate address detection would drop IPv6 for the first seconds.
		in_ns $ns sysctl -qw net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0
	done
	ip link add in0 netns in type veth peer name lan0 netns fw
	ip link add out0 netns out type veth peer name wan0 netns fw
	for host in 11 12 13; do ip -n in addr add 10.20.0.$host/24 dev in0; done
	ip -n in addr add 2001:db8:20::11/64 dev in0 nodad
	ip -n fw addr add 10.20.0.1/24 dev lan0
	ip -n fw addr add 2001:db8:20::1/64 dev lan0 nodad
	ip -n fw addr add 192.0.2.1/24 dev wan0
	ip -n fw addr add 2001:db8:99::1/64 dev wan0 nodad
	for host in 192.0.2.254/24 203.0.113.10/32 203.0.113.20/32 198.51.100.7/32; do
		ip -n out addr add $host dev out0
	done
	ip -n out addr add 2001:db8:99::fe/64 dev out0 nodad
	ip -n out addr add 2001:db8:feed::10/128 dev out0 nodad
	ip -n in link set in0 up; ip -n out link set out0 up
	ip -n fw link set lan0 up; ip -n fw link set wan0 up
	ip -n in route add default via 10.20.0.1
	ip -n in -6 route add default via 2001:db8:20::1
	ip -n fw route add default via 192.0.2.254
	ip -n fw -6 route add default via 2001:db8:99::fe
	ip -n out -6 route add 2001:db8:20::/64 via 2001:db8:99::1
	in_ns fw sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 \
		net.netfilter.nf_conntrack_acct=1 net.netfilter.nf_conntrack_timestamp=1
	in_ns fw nft -f - <<-'RULES'
	table inet gate {
		chain inbound {
			type nat hook prerouting priority dstnat
			iifname "wan0" tcp dport 8443 dnat ip to 10.20.0.13:443
		}
		chain outbound {
			type nat hook postrouting priority srcnat
			oifname "wan0" ip saddr 10.20.0.0/24 masquerade
		}
		chain through {
			type filter hook forward priority filter
			policy drop
			ct state established,related accept
			iifname "lan0" ct mark set 7 accept
			ct status dnat accept
		}
	}
	RULES
}

# firewall_door DIR NAME PORT COMMAND: a real sshd in front of a forced command, on 10.20.0.1; leaves NAME.pid
# and NAME.log in DIR.
firewall_door() {
	cat > "$1/$2.conf" <<-CONF
	ListenAddress 10.20.0.1:$3
	HostKey $1/hostkey
	PidFile $1/$2.pid
	AuthorizedKeysFile $1/authorized
	UsePAM no
	StrictModes no
	PasswordAuthentication no
	KbdInteractiveAuthentication no
	PermitRootLogin prohibit-password
	AllowTcpForwarding no
	PrintMotd no
	PrintLastLog no
	ForceCommand $4
	CONF
	in_ns fw /usr/sbin/sshd -f "$1/$2.conf" -E "$1/$2.log"
}

# firewall_sshd DIR: a real sshd on 10.20.0.1:22 whose account can run the poller's one command and nothing
# else. Makes DIR/client (key) and leaves DIR/sshd.pid. DIR/cut, when it exists, makes sshd die in the
# middle of the next dump.
firewall_sshd() {
	dir=$1
	ssh-keygen -q -t ed25519 -N '' -f "$dir/hostkey"
	ssh-keygen -q -t ed25519 -N '' -f "$dir/client"
	cp "$dir/client.pub" "$dir/authorized"
	cat > "$dir/readonly" <<-SCRIPT
	#!/bin/sh
	# The forced command of the read-only account: this exact line, or a refusal.
	case \$SSH_ORIGINAL_COMMAND in
	'conntrack -L -o extended,id') ;;
	*) echo "refused: \$SSH_ORIGINAL_COMMAND" >> "$dir/refused"; echo "not allowed" >&2; exit 126 ;;
	esac
	echo "\$SSH_ORIGINAL_COMMAND" >> "$dir/ran"
	if [ -e "$dir/cut" ]; then
		/usr/sbin/conntrack -L -o extended,id 2>/dev/null | head -c 700
		kill -9 \$PPID
		exit 1
	fi
	exec /usr/sbin/conntrack -L -o extended,id
	SCRIPT
	chmod 755 "$dir/readonly"
	firewall_door "$dir" sshd 22 "$dir/readonly"
}
