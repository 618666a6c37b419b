#!/bin/sh
# Runs in the namespaces that firewall_enter made: brings the firewall up with traffic, then runs the given
# program in the inside network.   inside.sh LAB_DIR SCRATCH PROGRAM [ARG...]
lab=$1 dir=$2
shift 2
. "$lab/firewall.sh"
. "$lab/others.sh"
firewall_up || exit 77
firewall_sshd "$dir" || exit 1

# background NAME NETNS COMMAND...: starts it, waits until it says it is ready.
background() {
	name=$1 ns=$2
	shift 2
	ip netns exec "$ns" python3 "$lab/traffic.py" "$@" > "$dir/$name.log" 2>&1 &
	tries=0
	until grep -qs ready "$dir/$name.log"; do
		tries=$((tries + 1))
		[ $tries -gt 100 ] && { cat "$dir/$name.log" >&2; exit 1; }
		sleep 0.05
	done
}
background server out serve 203.0.113.10:443 203.0.113.20:22 198.51.100.7:53 '[2001:db8:feed::10]:443'
background inner in serve 10.20.0.13:443
background web in hold 2 10.20.0.11 203.0.113.10 443 600
background shell in hold 1 10.20.0.12 203.0.113.20 22 600
background dns in datagram 1 10.20.0.12 198.51.100.7 53 600
background web6 in hold 1 2001:db8:20::11 2001:db8:feed::10 443 600
background forward out hold 1 198.51.100.7 192.0.2.1 8443 600
others_up "$dir"
ip netns exec in "$@"
