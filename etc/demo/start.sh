#!/bin/sh
# Gives demo.sh a real firewall where that is possible, and runs it in the firewall's inside network; without
# namespaces it runs it with the scripted routers alone.   start.sh GATEBOOK SSHDEV LAB_FOLDER BOOK
here=$(cd "$(dirname "$0")" && pwd)
lab=$3
. "$lab/firewall.sh"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
for program in unshare ip nft conntrack ssh-keygen /usr/sbin/sshd python3; do
	command -v $program >/dev/null || exec sh "$here/demo.sh" "$@"
done
GATEBOOK_DEMO_FIREWALL=$scratch
export GATEBOOK_DEMO_FIREWALL
firewall_enter "$lab/inside.sh" "$lab" "$scratch" sh "$here/demo.sh" "$@"
status=$?
if [ $status = 77 ]; then
	unset GATEBOOK_DEMO_FIREWALL
	sh "$here/demo.sh" "$@"
	status=$?
fi
exit $status
