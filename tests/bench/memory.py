#!/usr/bin/env python3
"""Run by tests/bench/memory inside the lab's network: memory.py SCRATCH LAB_FOLDER."""
import getpass
import json
import os
import subprocess
import sys

scratch, lab = sys.argv[1:]
gatebook = os.environ["GATEBOOK"]
book = os.path.join(scratch, "book")
os.makedirs(os.path.join(book, "inventory.d"))
with open(os.path.join(book, "gatebook.yml"), "w") as f:
    f.write(f"store: ./store\ncredentials:\n  reader: {{user: {getpass.getuser()}, key: 'file:{scratch}/client'}}\n")
with open(os.path.join(book, "inventory.d", "lab.yml"), "w") as f:
    f.write("devices:\n  - {name: fw, host: 10.20.0.1, platform: linux, credential: reader, "
            "commands: ['conntrack -L -o extended,id']}\n")
fingerprint = subprocess.run(["ssh-keygen", "-lf", f"{scratch}/hostkey.pub"], capture_output=True, text=True,
                             timeout=10).stdout.split()[1]
subprocess.run([gatebook, "-C", book, "hostkey", "trust", "fw", "--fingerprint", fingerprint], check=True, timeout=30,
               stdout=subprocess.DEVNULL)


def measure(flows):
    subprocess.run(["ip", "netns", "exec", "fw", "conntrack", "-F"], capture_output=True, timeout=30)
    subprocess.run([sys.executable, os.path.join(lab, "traffic.py"), "spray", str(flows), "10.20.0.11", "203.0.113.10"],
                   check=True, capture_output=True, timeout=120)
    done = subprocess.run([sys.executable, os.path.join(lab, "peak.py"), gatebook, "-C", book, "poll", "fw", "-o", "json"],
                          capture_output=True, text=True, timeout=170)
    said = json.loads(done.stdout)
    row = json.loads(said["stdout"])["rows"][0]
    return said["peak_kib"], row


small, first = measure(2000)
large, second = measure(200000)
print("| flows read | outcome | bytes of reply | peak private memory of the poll |")
print("|---|---|---|---|")
for peak, row in ((small, first), (large, second)):
    print(f"| {row['rows']:,} | {row['outcome']} | {row['bytes']:,} | {peak / 1024:.1f} MiB |")
print(f"\n200,000 against 2,000: **{large / small:.2f}** of the memory (wanted: at most 1.10, and under 32 MiB).")
