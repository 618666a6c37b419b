#!/bin/bash
# The store beside what one would write with SQLite at hand, and one question beside nfdump on the same flows.
# Each row is a ratio of two figures of this run. BENCH_SESSIONS sets the size of the month (default 10000000;
# 50000000 takes a quarter of an hour and 10 GB), BENCH_DIR where its files go.
set -eu
cd "$(dirname "$0")/../.."
total=${BENCH_SESSIONS:-10000000}
dir=$(mktemp -d "${BENCH_DIR:-${TMPDIR:-/tmp}}/gatebook-bench-XXXXXX")
collector=
trap '[ -z "$collector" ] || kill "$collector"; rm -rf "$dir"' EXIT
store=build/bench/store
[ -x $store ] || { echo 'store.sh: run `make build/bench/store` first' >&2; exit 1; }

say() { awk -v a="$1" -v b="$2" -v f="$3" 'BEGIN { if (b > 0) printf f, a / b; else printf "-" }'; }
thousands() { say "$1" 1000 '%.0f k/s'; }
# Median wall times in seconds of two commands run in turn, so that a machine that changes its pace changes both.
medians() { # NAME COMMAND NAME COMMAND
	local i a b c
	for i in 1 2 3 4 5 6 7 8 9; do
		a=$EPOCHREALTIME; $2 >/dev/null; b=$EPOCHREALTIME; $4 >/dev/null; c=$EPOCHREALTIME
		echo "$a $b $c" >&3
	done 3>"$dir/times"
	awk '{ print $2 - $1 }' "$dir/times" | sort -g | sed -n "5s/^/$1=/p"
	awk '{ print $3 - $2 }' "$dir/times" | sort -g | sed -n "5s/^/$3=/p"
}

echo '| polls of 5,000 sessions, each commit durable | polls a commit | Gatebook | plain SQLite | ratio |'
echo '|---|---|---|---|---|'
for group in 1 20; do
	mkdir "$dir/polls"
	eval "$($store polls "$dir/polls" ${BENCH_DEVICES:-120} 5000 1 $group)"
	rm -r "$dir/polls"
	echo "| 90 % seen again, beside upsert with two time indexes | $group | $(thousands "$again_ours") | $(thousands "$again_upsert") | $(say "$again_ours" "$again_upsert" %.1f) |"
	echo "| the same, every counter grown | $group | $(thousands "$growing_ours") | $(thousands "$growing_upsert") | $(say "$growing_ours" "$growing_upsert" %.1f) |"
	echo "| all new, beside appending the same columns without index | $group | $(thousands "$new_ours") | $(thousands "$new_append") | $(say "$new_ours" "$new_append" %.2f) |"
done

mkdir "$dir/month" "$dir/crowd" "$dir/small"
eval "$($store month "$dir/crowd" $((total / 10)) 1)"
crowd=$per_contact crowd_bytes=$bytes_per_session
eval "$($store month "$dir/small" $((total / 50)) 0)"
few=$sessions
eval "$($store month "$dir/month" "$total" 0)"
eval "$($store ingest "$dir/small" 5000 4)"
small_rate=$ingest
eval "$($store ingest "$dir/month" 5000 4)"
echo
echo '| a month of sealed days: ports, state, bytes, both bounds of start and end, id | |'
echo '|---|---|'
echo "| sessions | $sessions |"
echo "| bytes a session, all indexes, $per_contact sessions to a contact of a day | $bytes_per_session |"
echo "| the same, $crowd sessions to a contact | $crowd_bytes |"
echo "| sealed, beside the writer | $(thousands "$sealed") |"
echo "| polls with $sessions sessions stored, of those with $few | $(say "$ingest" "$small_rate" %.2f) |"

# The questions as they are typed, a process each: median of nine.
ask() { build/gatebook -C "$dir/month" "$@" -q -o csv; }
awk 'BEGIN { srand(1); for (i = 0; i < 100000; i++) printf "%d.%d.%d.%d\n", 1 + rand() * 222, rand() * 256, rand() * 256, rand() * 256
	print "203.0.113.0/28" }' >"$dir/indicators"
filter_day() { ask who ext net 203.0.113.0/24 and tcp --range 2026-11-11; }
plain_day() { ask who 203.0.113.0/24 --range 2026-11-11; }
hunt_month() { ask hunt "$dir/indicators"; }
hunt_small() { build/gatebook -C "$dir/small" hunt "$dir/indicators" -q -o csv; }
eval "$(medians filtered filter_day plain plain_day)"
eval "$(medians hunted hunt_month hunted_small hunt_small)"
[ "$(hunt_month | wc -l)" -gt 1 ] || { echo 'store.sh: the hunt met nothing' >&2; exit 1; }
echo
echo '| questions as they are typed, a process each | |'
echo '|---|---|'
echo "| who talked with a /24 on one day, as an address | $(say "$plain" 0.001 '%.1f ms') |"
echo "| the same as a filter, of the address form | $(say "$filtered" "$plain" %.2f) |"
echo "| hunt for 100,000 indicators in all $sessions sessions | $(say "$hunted" 0.001 '%.0f ms') |"
echo "| the same, of that in $few sessions | $(say "$hunted" "$hunted_small" %.1f) |"

command -v nfcapd >/dev/null || { echo 'store.sh: no nfdump here: its part is left out' >&2; exit 0; }
mkdir "$dir/flows"
port=$((20000 + $$ % 10000))
for day in $(seq 0 29); do
	mkdir "$dir/in"
	nfcapd -y -t 86400 -p $port -b 127.0.0.1 -B 33554432 -w "$dir/in" >"$dir/nfcapd.log" 2>&1 &
	collector=$!
	for i in 1 2 3 4 5 6 7 8 9 10; do [ -e "$dir/in/nfcapd.current.$collector" ] && break; sleep 0.1; done
	eval "$($store netflow $port "$total" "$day")"
	sleep 0.5
	kill "$collector"; wait "$collector" 2>/dev/null || :
	collector=
	file=$(ls "$dir"/in/nfcapd.2*)
	got=$(nfdump -r "$file" -I | sed -n 's/^Flows: //p')
	[ "$got" = "$sent" ] || echo "store.sh: nfcapd has $got of $sent flows of day $day" >&2
	mv "$file" "$dir/flows/nfcapd.202611$(printf %02d $((day + 1)))0000"
	rm -r "$dir/in"
done
ask_day() { nfdump -r "$dir/flows/nfcapd.202611110000" -q -A srcip -o 'fmt:%sa %fl' 'dst net 203.0.113.0/24'; }
ask_month() { nfdump -R "$dir/flows" -q -A srcip -o 'fmt:%sa %fl' 'dst net 203.0.113.0/24'; }
ours_day() { $store who "$dir/month" 10 1 1; }
ours_month() { $store who "$dir/month" 0 30 1; }
sync -f "$dir" # what was written for the measurement must not be written during it
eval "$(medians day_time ask_day process ours_day)"
eval "$(medians month_time ask_month month_process ours_month)"
theirs=$(ask_day | grep -c .) theirs_month=$(ask_month | grep -c .)
eval "$($store who "$dir/month" 10 1 21)"
ours=$hosts one=$median
eval "$(ours_month)"
[ "$ours" -ge "$theirs" ] && [ "$hosts" = "$theirs_month" ] ||
	{ echo "store.sh: other answers: $ours and $theirs hosts of the day, $hosts and $theirs_month of the month" >&2; exit 1; }
echo
echo "| who talked with 203.0.113.0/24, out of $sessions sessions of 30 days | Gatebook | nfdump | ratio |"
echo '|---|---|---|---|'
echo "| one day ($ours hosts), a process each; nfdump is given that day's file | $(say "$process" 0.001 '%.1f ms') | $(say "$day_time" 0.001 '%.0f ms') | $(say "$day_time" "$process" %.0f) |"
echo "| one day, asked of an open program; nfdump as above | $(say "$one" 0.001 '%.1f ms') | $(say "$day_time" 0.001 '%.0f ms') | $(say "$day_time" "$one" %.0f) |"
echo "| one day; nfdump reads the month | $(say "$process" 0.001 '%.1f ms') | $(say "$month_time" 0.001 '%.0f ms') | $(say "$month_time" "$process" %.0f) |"
echo "| the month ($hosts hosts), a process each | $(say "$month_process" 0.001 '%.0f ms') | $(say "$month_time" 0.001 '%.0f ms') | $(say "$month_time" "$month_process" %.1f) |"
