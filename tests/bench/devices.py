#!/usr/bin/python3
"""Devices per second, first poll and re-poll, beside the script people write today: netmiko + TextFSM + an upsert
into SQLite with indexes on time. Same scripted devices, same machine, one run. Prints a markdown table.

BENCH_DEVICES (40), BENCH_ROWS (5000). Needs Debian's python3-netmiko and python3-textfsm."""
import json
import os
import random
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

here = os.path.dirname(os.path.abspath(__file__))
root = os.path.join(here, "..", "..")
gatebook = os.environ.get("GATEBOOK", os.path.join(root, "build", "gatebook"))
sshdev = os.environ.get("SSHDEV", os.path.join(root, "build", "sshdev"))
DEVICES = int(os.environ.get("BENCH_DEVICES", "40"))
ROWS = int(os.environ.get("BENCH_ROWS", "5000"))
COMMAND = "show ip nat translations"
TURNS = 4
dice = random.Random(11)


def rows_of(device, keep=None):
    """A translation table; of `keep` nine tenths stay."""
    rows = set(dice.sample(sorted(keep), len(keep) * 9 // 10)) if keep else set()
    while len(rows) < ROWS:
        rows.add((dice.randrange(1, 250), dice.randrange(1024, 65000), dice.randrange(1, 250), dice.choice((443, 80, 22, 53))))
    return rows


def print_table(device, rows):
    lines = ["Pro  Inside global         Inside local          Outside local         Outside global"]
    for host, port, outside, service in sorted(rows):
        far = f"203.0.{113 + outside % 3}.{outside}:{service}"
        lines.append(f"tcp  {f'192.0.2.{device % 250 + 1}:{port}':<21} {f'10.{device}.0.{host}:{port}':<21} {far:<21} {far}")
    lines.append(f"Total number of translations: {len(rows)}")
    return "\n".join(lines) + "\n"


def make_tables(work):
    """Tables for each device, asked in turn: of each, nine tenths were in the one before."""
    for i in range(DEVICES):
        rows = None
        for turn in range(TURNS):
            rows = rows_of(i, rows)
            with open(os.path.join(work, f"d{i}.{turn}"), "w") as f:
                f.write(print_table(i, rows))


def start_devices(work):
    """One process serves all devices. Fresh for each contender, so that each gets both tables in order."""
    script = os.path.join(work, "script")
    with open(script, "w") as f:
        for i in range(DEVICES):
            tables = " ".join(f"{work}/d{i}.{turn}" for turn in range(TURNS))
            f.write(f'''device d{i}
listen 127.0.0.1
port 0
user reader bench
prompt "d{i}#"
accept "terminal length 0"
accept "terminal width 0"
accept "terminal width 511"
leave exit
refusal "% Invalid input detected"
reply "{COMMAND}" {tables}
''')
    process = subprocess.Popen([sshdev, script], stdout=subprocess.PIPE, text=True)
    listening = []
    while len(listening) < DEVICES:
        words = process.stdout.readline().split()
        if words and words[0] == "device":
            listening.append((int(words[3]), " ".join(words[4:])))
    return process, listening


def make_book(book, listening):
    os.makedirs(os.path.join(book, "inventory.d"))
    with open(os.open(os.path.join(book, "password"), os.O_CREAT | os.O_WRONLY, 0o600), "w") as f:
        f.write("bench\n")
    with open(os.path.join(book, "gatebook.yml"), "w") as f:
        f.write(f"store: ./store\nlimits: {{jobs: 40, logins_per_second: 1000}}\n"
                f"credentials:\n  reader: {{user: reader, password: 'file:{book}/password'}}\n")
    with open(os.path.join(book, "inventory.d", "d.yml"), "w") as f:
        f.write("devices:\n")
        for i, (port, _) in enumerate(listening):
            f.write(f"  - {{name: d{i}, host: 127.0.0.1, port: {port}, platform: cisco_ios, credential: reader, "
                    f"commands: ['{COMMAND}']}}\n")
    for i, (_, key) in enumerate(listening):
        subprocess.run([gatebook, "-C", book, "hostkey", "trust", f"d{i}", "--fingerprint", key.split()[1]], check=True,
                       stdout=subprocess.DEVNULL, timeout=20)


def run_gatebook(book, times):
    """Rounds of one process; of each the seconds from its start to its last result, CPU and rows. A round starts one
    second after the one before, or when that has ended."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.monotonic()
    process = subprocess.Popen([gatebook, "-C", book, "poll", "-o", "ndjson", "--every", "1", "--times", str(times)],
                               stdout=subprocess.PIPE, text=True)
    rounds = []
    rows = []
    for line in process.stdout:
        row = json.loads(line)
        if "device" not in row:
            continue
        rows.append(row)
        if len(rows) == DEVICES:
            ended = time.monotonic()
            rounds.append((ended - began, sum(r["sessions"] for r in rows)))
            began = max(began + 1, ended)
            rows = []
    if process.wait() != 0:
        sys.exit("gatebook failed")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return rounds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


TEMPLATE = r"""Value PRO (\S+)
Value INSIDE_GLOBAL (\S+)
Value INSIDE_GLOBAL_PORT (\d+)
Value INSIDE_LOCAL (\S+)
Value INSIDE_LOCAL_PORT (\d+)
Value OUTSIDE_GLOBAL (\S+)
Value OUTSIDE_GLOBAL_PORT (\d+)

Start
  ^${PRO}\s+${INSIDE_GLOBAL}:${INSIDE_GLOBAL_PORT}\s+${INSIDE_LOCAL}:${INSIDE_LOCAL_PORT}\s+\S+\s+${OUTSIDE_GLOBAL}:${OUTSIDE_GLOBAL_PORT} -> Record
"""


def run_script(work, ports):
    """What a careful engineer writes: a thread per device, one transaction per device."""
    from netmiko import ConnectHandler
    import io
    import textfsm
    database = os.path.join(work, "script.db")
    fresh = not os.path.exists(database)
    lock = threading.Lock()
    db = sqlite3.connect(database, check_same_thread=False)
    if fresh:
        db.executescript("""PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;
        CREATE TABLE session (device TEXT, proto TEXT, inside TEXT, in_port INT, outside TEXT, out_port INT, first REAL,
            last REAL, PRIMARY KEY (device, proto, inside, in_port, outside, out_port)) WITHOUT ROWID;
        CREATE INDEX by_outside ON session (outside, last); CREATE INDEX by_inside ON session (inside, last);""")
    got = [0]
    problems = []

    def one(i, port):
        try:
            device = ConnectHandler(device_type="cisco_ios", host="127.0.0.1", port=port, username="reader",
                                    password="bench")
            text = device.send_command(COMMAND, max_loops=100000)
            device.disconnect()
            rows = textfsm.TextFSM(io.StringIO(TEMPLATE)).ParseText(text)
            now = time.time()
            with lock:
                db.executemany("INSERT INTO session VALUES (?,?,?,?,?,?,?,?) ON CONFLICT DO UPDATE SET last = excluded.last",
                               [(f"d{i}", r[0], r[3], int(r[4]), r[5], int(r[6]), now, now) for r in rows])
                db.commit()
                got[0] += len(rows)
        except Exception as e:  # netmiko raises many kinds
            problems.append(repr(e))
    before = resource.getrusage(resource.RUSAGE_SELF)
    began = time.monotonic()
    threads = [threading.Thread(target=one, args=(i, port)) for i, port in enumerate(ports)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    took = time.monotonic() - began
    after = resource.getrusage(resource.RUSAGE_SELF)
    if problems:
        print(f"# the script failed on {len(problems)} devices: {problems[0][:200]}", file=sys.stderr)
    db.close()
    return took, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, got[0]


def main():
    work = tempfile.mkdtemp(prefix="gatebook-bench-")
    try:
        make_tables(work)
        process, listening = start_devices(work)
        script = [run_script(work, [port for port, _ in listening]) for _ in range(2)]
        process.kill()
        process.wait()
        process, listening = start_devices(work)
        book = os.path.join(work, "book")
        make_book(book, listening)
        first, first_cpu = run_gatebook(book, 1)
        again, again_cpu = run_gatebook(book, 1)
        rounds, _ = run_gatebook(book, 2)
        process.kill()
        process.wait()
    finally:
        shutil.rmtree(work, ignore_errors=True)
    print(f"{DEVICES} scripted devices of {ROWS:,} sessions, both ends on this machine, one run.\n")
    print("| | gatebook devices/s | netmiko + TextFSM + upsert devices/s | ratio | wanted | CPU ms/device | script | "
          "rows lost | script |")
    print("|---|---|---|---|---|---|---|---|---|")
    for name, (took, got), cpu, b, wanted in (
            ("first poll", first[0], first_cpu, script[0], 8),
            ("re-poll, 90 % seen again, recorder running", rounds[1], None, script[1], 15),
            ("re-poll, 90 % seen again, a new process", again[0], again_cpu, script[1], "-")):
        cpu = f"{1000 * cpu / DEVICES:.1f}" if cpu else "-"
        print(f"| {name} | {DEVICES / took:.1f} | {DEVICES / b[0]:.1f} | **{b[0] / took:.1f}x** | {wanted}x | {cpu} | "
              f"{1000 * b[1] / DEVICES:.1f} | {DEVICES * ROWS - got} | {DEVICES * ROWS - b[2]} |")


main()
