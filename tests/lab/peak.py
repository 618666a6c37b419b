#!/usr/bin/env python3
"""Runs a program and prints as JSON its output and the largest private memory (RssAnon, KiB) that any process
it forked had: a poll's rows lie in a memfd, which is shared memory and counted apart."""
import json
import os
import subprocess
import sys


def children(pid):
    try:
        with open(f"/proc/{pid}/task/{pid}/children") as f:
            return [int(c) for c in f.read().split()]
    except OSError:
        return []


def anonymous(pid):
    try:
        with open(f"/proc/{pid}/status") as f:
            for line in f:
                if line.startswith("RssAnon:"):
                    return int(line.split()[1])
    except OSError:
        pass
    return 0


with open(os.devnull) as nothing:
    program = subprocess.Popen(sys.argv[1:], stdin=nothing, stdout=subprocess.PIPE, text=True)
peak = {}
first = None
while program.poll() is None:
    for child in children(program.pid):
        first = first or child  # the recorder is forked first; the polls come after it
        if child != first:
            peak[child] = max(peak.get(child, 0), anonymous(child))
print(json.dumps({"peak_kib": max(peak.values(), default=0), "stdout": program.stdout.read()}))
