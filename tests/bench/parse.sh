#!/bin/sh
# Reading replies: the driver engine beside what bounds it (a newline scan by memchr), C written by hand for
# one line, and Python TextFSM; XML beside bare libxml2. All read the same file, and give the same sums,
# in rounds one after the other; each figure is the best round. Usage: tests/bench/parse.sh [LINES [ROUNDS]]
set -eu
cd "$(dirname "$0")/../.."
lines=${1:-50000} rounds=${2:-5}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

[ -x build/bench/parse ] || { echo 'parse.sh: run `make build/bench/parse` first' >&2; exit 1; }
textfsm=yes
/usr/bin/python3 -c 'import textfsm' 2>/dev/null || {
	textfsm=no
	echo 'parse.sh: no TextFSM here (package python3-textfsm): its column stays empty' >&2
}

# The least of each "NAME SECONDS" of all rounds, as shell variables.
best() { awk '{ if (!($1 in b) || $2 < b[$1]) b[$1] = $2 } END { for (n in b) print n "=" b[n] }' "$1"; }
ratio() { awk -v a="$1" -v b="$2" -v f="$3" 'BEGIN { if (b > 0) printf f, a / b; else printf "-" }'; }

echo "$lines lines each, best of $rounds rounds of five; seconds are of this machine, ratios are what counts."
echo
echo '| reply | bytes a line | engine M lines/s | of memchr | by hand of memchr | of C by hand | x TextFSM |'
echo '|---|---|---|---|---|---|---|'
for kind in show-tcp-brief show-ip-nat-translations conntrack ss; do
	build/bench/parse make $kind "$lines" >"$dir/in"
	: >"$dir/out"
	for i in $(seq "$rounds"); do
		build/bench/parse run $kind "$dir/in" 5 >>"$dir/out"
		[ $textfsm = no ] ||
			/usr/bin/python3 tests/bench/parse_textfsm.py tests/bench/textfsm/$kind.textfsm "$dir/in" >>"$dir/out"
	done
	[ "$(sed -n 's/^rows //p' "$dir/out" | sort -u | wc -l)" = 1 ] || { echo "$kind: the readers give other rows" >&2; exit 1; }
	textfsm_s=0
	eval "$(best "$dir/out" | sed 's/^textfsm=/textfsm_s=/')"
	echo "| $kind | $(ratio "$bytes" "$rows" %.0f) | $(ratio "$rows" "$engine" %.0f | awk '{printf "%.2f", $1 / 1e6}')" \
		"| $(ratio "$memchr" "$engine" %.3f) | $(ratio "$memchr" "$hand" %.3f) | $(ratio "$hand" "$engine" %.2f)" \
		"| $(ratio "$textfsm_s" "$engine" %.0f) |"
done
echo
build/bench/parse make conntrack-xml $((lines / 2)) >"$dir/in"
: >"$dir/out"
for i in $(seq "$rounds"); do build/bench/parse run conntrack-xml "$dir/in" 2 >>"$dir/out"; done
eval "$(best "$dir/out")"
echo '| XML | bytes a flow | engine k flows/s | of bare libxml2 SAX push |'
echo '|---|---|---|---|'
echo "| conntrack -o xml | $(ratio "$bytes" "$rows" %.0f) | $(ratio "$rows" "$engine" %.0f | awk '{printf "%.0f", $1 / 1e3}')" \
	"| $(ratio "$sax" "$engine" %.2f) |"
