#!/bin/sh
# The table of tests/bench/ledger.c, in a scratch folder on the disk the source is on.
set -eu
cd "$(dirname "$0")/../.."
mkdir -p build
scratch=$(mktemp -d build/bench-ledger-XXXXXX)
trap 'rm -rf "$scratch"' EXIT
build/bench/ledger "$scratch" "$@"
