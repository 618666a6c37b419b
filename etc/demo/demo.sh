#!/bin/sh
# The demo: two scripted routers and, where the kernel gives namespaces, a real Linux firewall with real traffic
# behind a real sshd. Polled twice with a change in between, then asked. Run by `gatebook demo`:
#
#   demo.sh GATEBOOK SSHDEV LAB_FOLDER BOOK
#
# Everything runs on loopback or in namespaces that end with it. It leaves BOOK, and nothing running.
set -eu
gatebook=$1 sshdev=$2 lab=$3 book=$4
here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)
devices='' daemon=''
trap '[ -z "$devices$daemon" ] || kill $devices $daemon 2>/dev/null || true; rm -rf "$scratch"' EXIT

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }
[ -t 1 ] || say() { printf '\n%s\n' "$*"; }
# shown COMMAND...: prints it as one would type it, then runs it.
shown() { printf '$ gatebook %s\n' "$*"; "$gatebook" -C "$book" "$@" || true; }

# --- two routers, scripted: their second answer differs from the first -----------------------------------
translations() { # ROUTER PUBLIC HOST:PORT>OUTSIDE:PORT...
	public=$1
	shift
	echo 'Pro  Inside global         Inside local          Outside local         Outside global'
	for flow; do
		inside=${flow%>*} outside=${flow#*>}
		printf 'tcp  %-21s %-21s %-21s %s\n' "$public:${inside##*:}" "$inside" "$outside" "$outside"
	done
	echo "Total number of translations: $#"
}
r=$scratch/replies
mkdir -p "$r"
translations 192.0.2.10 '10.1.7.20:51544>203.0.113.44:443' '10.1.7.21:40022>198.51.100.7:22' \
	'10.1.2.3:50100>203.0.113.9:443' > "$r/edge-r1.nat.1"
translations 192.0.2.10 '10.1.7.20:51544>203.0.113.44:443' '10.1.7.20:51560>203.0.113.44:443' \
	'10.1.2.9:43210>203.0.113.9:8443' > "$r/edge-r1.nat.2"
translations 192.0.2.20 '10.2.0.5:33000>203.0.113.9:443' > "$r/branch-r2.nat.1"
translations 192.0.2.20 '10.2.0.5:33000>203.0.113.9:443' '10.2.0.6:33901>198.51.100.80:25' > "$r/branch-r2.nat.2"
cat > "$r/tcp" <<-'REPLY'
	TCB       Local Address               Foreign Address             (state)
	7FE4750011A0  192.0.2.10.179             198.51.100.1.24850         ESTAB
	7FE4750022B0  0.0.0.0.22                 0.0.0.0.*                  LISTEN
REPLY
cat > "$r/sockets" <<-'REPLY'
	Proto    Remote      Port      Local       Port  In Out Stat TTY OutputIF
	 17 --listen--          0 10.1.0.1          161   0   0 1001   0
REPLY
for router in edge-r1 branch-r2; do
	cat <<-SCRIPT
	device $router
	listen 127.0.0.1
	port 0
	user reader demo-only
	prompt "$router#"
	accept "terminal length 0"
	accept "terminal width 0"
	leave exit
	refusal "% Invalid input detected at '^' marker."
	reply "show tcp brief numeric" $r/tcp
	reply "show ip sockets" $r/sockets
	reply "show ip nat translations" $r/$router.nat.1 $r/$router.nat.2
	SCRIPT
done > "$scratch/routers"
"$sshdev" "$scratch/routers" > "$scratch/said" &
devices=$!
tries=0
until grep '^device' "$scratch/said" > "$scratch/listening" && [ "$(wc -l < "$scratch/listening")" = 2 ]; do
	tries=$((tries + 1))
	[ $tries -lt 100 ] || { echo "demo: the scripted routers did not start" >&2; exit 1; }
	sleep 0.05
done

# --- the book ----------------------------------------------------------------------------------------
mkdir -p -m 700 "$book/inventory.d"
umask 077
printf 'demo-only\n' > "$book/password"
umask 022
cat > "$book/gatebook.yml" <<-CONFIG
	# Written by gatebook demo.
	store: ./store
	internal: [10.0.0.0/8, "2001:db8:20::/48"]
	limits: {logins_per_second: 20, min_interval: 2s}
	schedules:
	  demo: {every: 10s, jitter: 0s, on: "@demo"}
	credentials:
	  reader: {user: reader, password: "file:$(cd "$book" && pwd)/password"}
CONFIG
"$gatebook" -C "$book" ledger key >/dev/null
{
	echo 'devices:'
	while read -r _ name host port _; do
		echo "  - {name: $name, host: $host, port: $port, platform: cisco_ios, credential: reader, tags: [demo]}"
	done < "$scratch/listening"
} > "$book/inventory.d/demo.yml"
if [ -n "${GATEBOOK_DEMO_FIREWALL:-}" ]; then
	cp "$GATEBOOK_DEMO_FIREWALL/client" "$book/key" && chmod 600 "$book/key"
	echo "  lab: {user: $(id -un), key: \"file:$(cd "$book" && pwd)/key\"}" >> "$book/gatebook.yml"
	echo '  - {name: fw, host: 10.20.0.1, platform: linux, credential: lab, tags: [demo], commands: ["conntrack -L -o extended,id"]}' \
		>> "$book/inventory.d/demo.yml"
	fingerprint=$(ssh-keygen -lf "$GATEBOOK_DEMO_FIREWALL/hostkey.pub" | awk '{ print $2 }')
fi

say 'The lines each device will be sent, for the people who run the AAA servers; nothing is sent yet.'
shown poll --dry-run
say 'No credential is offered to a device whose host key nobody has compared.'
shown poll edge-r1
shown hostkey scan
while read -r _ name _ _ type key; do
	"$gatebook" -C "$book" hostkey trust "$name" --fingerprint "$key" >/dev/null
done < "$scratch/listening"
[ -z "${GATEBOOK_DEMO_FIREWALL:-}" ] ||
	"$gatebook" -C "$book" hostkey trust fw --fingerprint "$fingerprint" >/dev/null
say 'Compared and trusted (the demo knows what it started). First poll:'
shown poll
say 'A while later, some sessions are gone and some are new. Second poll:'
sleep 2
[ -z "${GATEBOOK_DEMO_FIREWALL:-}" ] || ip netns exec fw conntrack -D -d 203.0.113.20 >/dev/null 2>&1 || true
shown poll
say 'Who talked with 203.0.113.0/24? Times are intervals: between two polls.'
shown who 203.0.113.0/24 --last 1h
say 'And what could not be seen?'
shown coverage --last 1h
say 'The same by schedule, every ten seconds here; sixteen seconds later: who is next?'
printf '$ gatebook run &\n'
"$gatebook" -C "$book" run 2> "$book/run.log" &
daemon=$!
sleep 16
shown schedule next
shown status
say 'The kill switch: no login begins any more, until it is released.'
shown hold --all --why freeze
shown poll edge-r1
shown release --all
kill "$daemon"
wait "$daemon" || true
daemon=''
say 'What the daemon said of each poll:'
grep 'poll: ' "$book/run.log" || true
say 'And what anybody can verify: every login and every line, chained and signed.'
shown ledger verify
[ -n "${GATEBOOK_DEMO_FIREWALL:-}" ] ||
	say '(No network namespaces here: the demo ran without its real firewall.)'
cat <<NEXT

next:
  $gatebook -C $book sessions 10.1.7.20 -o json
  $gatebook -C $book hosts
  $gatebook -C $book driver list
  $gatebook init my-book
NEXT
