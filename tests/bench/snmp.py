#!/usr/bin/python3
"""SNMP: the CPU of a walk beside pysnmp and beside a walk by hand with net-snmp, the CPU of whole polls by v3 and v2c,
thousands of agents, and what a dead one costs the others. One scripted agent (build/snmpdev) answers at every address
of 127/8; only the poller's CPU is counted. Prints markdown tables.

BENCH_AGENTS (5000), BENCH_ROUNDS (9), BENCH_JOBS (32, as limits.jobs). Needs Debian's python3-pysnmp4 for its table."""
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time

root = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
build = os.path.join(root, "build")
AGENTS = int(os.environ.get("BENCH_AGENTS", "5000"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "9"))
JOBS = int(os.environ.get("BENCH_JOBS", "32"))
LONG, SHORT, WALKS = 5000, 200, 10
USER = ["bench", "auth-password", "priv-password"]
TABLES = (("tcpConnectionTable", 1), ("ipNetToPhysicalTable", 3))


def write_walk(path, rows):
    """snmprec: `rows` connections of one column, and as many neighbours of three."""
    with open(path, "w") as f:
        for i in range(rows):
            f.write(f"1.3.6.1.2.1.6.19.1.7.1.4.10.9.{i >> 8}.{i & 255}.{1024 + i}.1.4.203.0.113.{i % 200 + 1}.443|2|5\n"
                    f"1.3.6.1.2.1.4.35.1.4.2.1.4.10.9.{i >> 8}.{i & 255}|4x|00005e00{i:04x}\n"
                    f"1.3.6.1.2.1.4.35.1.6.2.1.4.10.9.{i >> 8}.{i & 255}|2|3\n"
                    f"1.3.6.1.2.1.4.35.1.7.2.1.4.10.9.{i >> 8}.{i & 255}|2|1\n")


class Agent:
    def __init__(self, walk, *options):
        self.process = subprocess.Popen([os.path.join(build, "snmpdev"), "-u", USER[0], "-A", USER[1], "-X", USER[2], *options,
                                         walk], stdout=subprocess.PIPE, text=True)
        self.port = self.process.stdout.readline().split()[1]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    if done.returncode != 0:
        sys.exit(f"{command}: {done.stderr}")
    return [int(n) for n in done.stdout.split()]


# --- walks -----------------------------------------------------------------------------------------------------------

def measure_walks(work):
    """The best of rounds taken in turn; each is CPU microseconds a varbind."""
    program = os.path.join(build, "bench", "snmp")
    walk = os.path.join(work, "long")
    write_walk(walk, LONG)
    print(f"A walk of {LONG:,} rows, microseconds of CPU a varbind: best of {ROUNDS} rounds in turn, {WALKS} walks each. All ask for the "
          "same repetitions; the walk by hand checks nothing and keeps nothing. v3 is authPriv (SHA, AES-128) with its keys "
          "at hand.\n")
    print("| table | columns | Gatebook v2c | net-snmp by hand | ratio (wanted: at most 1.2) | Gatebook v3 | v3 : v2c | rows lost |")
    print("|---|---|---|---|---|---|---|---|")
    with Agent(walk) as agent:
        for table, columns in TABLES:
            best = {}
            lost = 0
            ways = [("ours", "ours", []), ("bare", "bare", []), ("v3", "ours", USER)]
            for _ in range(ROUNDS):
                for name, way, user in ways:
                    us, varbinds, rows, _ = run(program, way, "127.0.0.2", agent.port, table, str(WALKS), *user)
                    best[name] = min(best.get(name, 1e9), us / varbinds)
                    lost += WALKS * LONG - rows
            ours = best["ours"] if columns == 1 else ours
            print(f"| {table} | {columns} | {best['ours']:.2f} | {best['bare']:.2f} | **{best['ours'] / best['bare']:.2f}** | "
                  f"{best['v3']:.2f} | **{best['v3'] / best['ours']:.2f}** | {lost} |")
        measure_pysnmp(agent.port, ours)


def measure_pysnmp(port, ours):
    program = os.path.join(root, "tests", "bench", "snmp_pysnmp.py")
    if subprocess.run(["/usr/bin/python3", "-c", "import pysnmp"], capture_output=True).returncode != 0:
        print("snmp.py: no pysnmp here (package python3-pysnmp4): its table is left out", file=sys.stderr)
        return
    print(f"\n| the walk of {TABLES[0][0]} | Gatebook, to rows | pysnmp | ratio (wanted: at most 1/300) |")
    print("|---|---|---|---|")
    for mode, what in (("names", "pysnmp looks names up, as it does unless told not to"), ("numbers", "pysnmp leaves names alone")):
        best = 1e9
        for _ in range(3):
            us, varbinds = run("/usr/bin/python3", program, "127.0.0.2", port, "1.3.6.1.2.1.6.19.1.7", mode)
            if varbinds != LONG:
                sys.exit(f"pysnmp read {varbinds} of {LONG}")
            best = min(best, us / varbinds)
        print(f"| {what} | {ours:.2f} | {best:.0f} | **1/{best / ours:.0f}** |")


# --- polls -----------------------------------------------------------------------------------------------------------

def address(i):
    return f"127.{1 + (i >> 16)}.{i >> 8 & 255}.{i & 255}"


def make_book(work, name, n, port, v3=False, dead=None, jobs=JOBS):
    """n agents of which that with the number `dead` is one of v3."""
    book = os.path.join(work, name)
    os.makedirs(os.path.join(book, "inventory.d"))
    for what, text in (("community", "public"), ("auth", USER[1]), ("priv", USER[2])):
        with open(os.open(os.path.join(book, what), os.O_CREAT | os.O_WRONLY, 0o600), "w") as f:
            f.write(text + "\n")
    with open(os.path.join(book, "gatebook.yml"), "w") as f:
        f.write(f"store: ./store\nlimits: {{jobs: {jobs}}}\ncredentials:\n  v2c: {{community: 'file:{book}/community'}}\n"
                f"  v3: {{user: {USER[0]}, auth: SHA, auth_password: 'file:{book}/auth', priv: AES, "
                f"priv_password: 'file:{book}/priv'}}\n")
    with open(os.path.join(book, "inventory.d", "a.yml"), "w") as f:
        f.write("devices:\n")
        for i in range(n):
            f.write(f"  - {{name: a{i}, host: {address(i)}, port: {port}, platform: snmp, "
                    f"credential: {'v3' if v3 or i == dead else 'v2c'}}}\n")
    return book


def look_at(pid, peaks):
    """Resident KiB of the scheduler, the recorder, which is its first child, and the largest poll."""
    with open(f"/proc/{pid}/task/{pid}/children") as f:
        children = f.read().split()
    for role, pids in (("scheduler", [pid]), ("recorder", children[:1]), ("poll", children[1:])):
        for p in pids:
            try:
                with open(f"/proc/{p}/status") as f:
                    kib = sum(int(line.split()[1]) for line in f if line.startswith("RssAnon:"))
            except OSError:
                continue
            peaks[role] = max(peaks.get(role, 0), kib)


class Round:
    """All agents of a book once: seconds until each was on record, CPU of the poller, sessions; the peak of memory if
    it is asked for (to look costs CPU)."""

    def __init__(self, book, look=False):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        began = time.monotonic()
        process = subprocess.Popen([os.path.join(build, "gatebook"), "-C", book, "poll", "-q", "-o", "ndjson"],
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.ended, self.sessions, self.complete, self.peaks = {}, 0, 0, {}
        looked = began
        for line in process.stdout:
            row = json.loads(line)
            if "device" not in row:
                continue
            now = time.monotonic()
            self.ended[row["device"]] = now - began
            self.sessions += row["sessions"]
            self.complete += row["outcome"] == "complete"
            if look and now > looked + 0.25:
                look_at(process.pid, self.peaks)
                looked = time.monotonic()
        process.wait()
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        self.took = max(self.ended.values())


def measure_polls(work, port):
    """A process each, from its start to what it wrote to the store."""
    n, best, lost = 300, {}, 0
    books = {name: make_book(work, name, n, port, v3=name == "v3") for name in ("v2c", "v3")}
    for _ in range(max(3, ROUNDS // 2)):
        for name, book in books.items():
            r = Round(book)
            best[name] = min(best.get(name, 1e9), r.cpu / n)
            lost += n * SHORT - r.sessions
    print(f"\nWhole polls of {SHORT} rows, a process each, with store and ledger; CPU of all of them, best of "
          f"{max(3, ROUNDS // 2)} rounds in turn.\n")
    print("| | v2c | v3 authPriv | ratio (wanted: at most 2.2) | rows lost |")
    print("|---|---|---|---|---|")
    print(f"| ms of CPU a poll | {1000 * best['v2c']:.2f} | {1000 * best['v3']:.2f} | **{best['v3'] / best['v2c']:.2f}** | {lost} |")


def measure_many(work, port):
    rounds = []
    for n in (AGENTS // 5, AGENTS):
        rounds.append((n, Round(make_book(work, f"many{n}", n, port), look=True)))
    print(f"\nAgents of {SHORT} rows on {os.cpu_count()} CPUs, the agent's own work among them.\n")
    print("| agents | complete | seconds (wanted: 60 for 5,000) | ms of CPU a poll | private MiB of the scheduler | of the largest "
          "poll | of the recorder | rows lost |")
    print("|---|---|---|---|---|---|---|---|")
    for n, r in rounds:
        print(f"| {n:,} | {r.complete:,} | **{r.took:.1f}** | {1000 * r.cpu / n:.2f} | "
              + " | ".join(f"{r.peaks[role] / 1024:.1f}" for role in ("scheduler", "poll", "recorder")) + f" | {n * SHORT - r.sessions} |")
    print("\nThe recorder's grows with what it has written, until the page cache of its database is full (64 MiB).")


def measure_dead(work, walk):
    """When each healthy agent was on record, with and without a dead one among them; the best of rounds in turn."""
    n, dead, turns = 1000, 10, max(3, ROUNDS // 2)
    best = {"well": {}, "well again": {}, "one dead": {}}
    with Agent(walk, "-d", address(dead)) as dying, Agent(walk) as living:
        books = {kind: make_book(work, kind.replace(" ", "-"), n, (dying if kind == "one dead" else living).port, dead=dead)
                 for kind in best}
        for _ in range(turns):
            for kind, book in books.items():
                for device, t in Round(book).ended.items():
                    best[kind][device] = min(best[kind].get(device, 1e9), t)
    of_dead = best["one dead"].pop(f"a{dead}")
    late = {kind: sorted(t - best["well"][d] for d, t in best[kind].items()) for kind in best}
    print(f"\nOne dead v3 agent among {n:,}, the rest v2c: when each of the others was on record, against the same agents all "
          f"well; best of {turns} rounds in turn.\n")
    print("| | median later by | the latest of them (wanted: at most 50 ms) |")
    print("|---|---|---|")
    for kind, what in (("one dead", f"one dead, given up after {of_dead:.1f} s"), ("well again", "none dead: what chance does")):
        print(f"| {what} | {1000 * late[kind][len(late[kind]) // 2]:.0f} ms | **{1000 * late[kind][-1]:.0f} ms** |")


def main():
    work = tempfile.mkdtemp(prefix="gatebook-bench-")
    try:
        measure_walks(work)
        short = os.path.join(work, "short")
        write_walk(short, SHORT)
        with Agent(short) as agent:
            measure_polls(work, agent.port)
            measure_many(work, agent.port)
        write_walk(short, 10)
        measure_dead(work, short)
    finally:
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
