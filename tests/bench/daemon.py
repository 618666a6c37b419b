#!/usr/bin/python3
"""`gatebook run` over thousands of scripted devices: lateness of polls, memory, descriptors, what the devices themselves
count, what stalled devices cost the others, and the CPU of an SSH poll beside the bare dialogue. Agents stand at
addresses of 127/8 (one build/snmpdev), SSH devices at ports of 127.0.0.1 (build/sshdev); their CPU is this machine's too.
Prints markdown tables.

BENCH_RUN (600; the long run is 3600) seconds, BENCH_SNMP (9000), BENCH_SSH (1000), BENCH_EVERY (300) seconds,
BENCH_STALLED (32), BENCH_ROUNDS (9)."""
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time

root = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
build = os.path.join(root, "build")
gatebook = os.path.join(build, "gatebook")
RUN = int(os.environ.get("BENCH_RUN", "600"))
AGENTS = int(os.environ.get("BENCH_SNMP", "9000"))
SSH = int(os.environ.get("BENCH_SSH", "1000"))
EVERY = int(os.environ.get("BENCH_EVERY", "300"))
STALLED = int(os.environ.get("BENCH_STALLED", "32"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "9"))
ROWS, TABLES, PROCESS = 200, 14, 250  # of a reply; different ones; devices of one sshdev
COMMAND = "show ip nat translations"
LINES = ["", "terminal length 0", "terminal width 0", COMMAND, "exit"]
STALLS = ["connect", "auth", "shell"]
MIN_INTERVAL, SITE = 60, 40  # limits.min_interval; devices at one site


# --- devices ---------------------------------------------------------------------------------------------------------

def write_replies(work):
    """A translation table at TABLES moments: a tenth of its rows is another one each time."""
    for turn in range(TABLES):
        lines = ["Pro  Inside global         Inside local          Outside local         Outside global"]
        for i in range(ROWS):
            n = i + turn * ROWS // 10
            far = f"203.0.113.{n % 250 + 1}:443"
            lines.append(f"tcp  {f'192.0.2.1:{20000 + n}':<21} {f'10.1.{n >> 8}.{n & 255}:{20000 + n}':<21} {far:<21} {far}")
        lines.append(f"Total number of translations: {ROWS}")
        with open(os.path.join(work, f"reply.{turn}"), "w") as f:
            f.write("\n".join(lines) + "\n")


def write_walk(path):
    with open(path, "w") as f:
        for i in range(ROWS):
            f.write(f"1.3.6.1.2.1.6.19.1.7.1.4.10.9.{i >> 8}.{i & 255}.{1024 + i}.1.4.203.0.113.{i + 1}.443|2|5\n")


class Routers:
    """`n` SSH devices with these further words in their scripts; `listening`: port and fingerprint of each."""

    def __init__(self, work, name, n, words=lambda i: ""):
        self.processes, self.listening = [], []
        replies = " ".join(f"{work}/reply.{turn}" for turn in range(TABLES))
        for first in range(0, n, PROCESS):
            script = os.path.join(work, f"{name}.{first}")
            with open(script, "w") as f:
                for i in range(first, min(first + PROCESS, n)):
                    f.write(f'device {name}{i}\nport 0\nhostkey {work}/hostkey\nuser reader bench\nmethods password\nprompt "router#"\n'
                            f'accept "terminal "\nrefusal "% Invalid input"\nwire {work}/wire\n'
                            f'reply "{COMMAND}" {replies}\n{words(i)}\n')
            process = subprocess.Popen([os.path.join(build, "sshdev"), script], stdout=subprocess.PIPE, text=True)
            self.processes.append(process)
            for line in process.stdout:
                if line.startswith("ready"):
                    break
                words_of = line.split()
                self.listening.append((words_of[3], words_of[5]))

    def end(self):
        for process in self.processes:
            process.kill()
            process.wait()


class Agents:
    def __init__(self, work):
        write_walk(os.path.join(work, "walk"))
        self.processes = [subprocess.Popen([os.path.join(build, "snmpdev"), "-w", os.path.join(work, "visits"),
                                            os.path.join(work, "walk")], stdout=subprocess.PIPE, text=True)]
        self.port = self.processes[0].stdout.readline().split()[1]

    end = Routers.end


def address(i):
    return f"127.{1 + (i >> 16)}.{i >> 8 & 255}.{i & 255}"


# --- books -----------------------------------------------------------------------------------------------------------

def make_book(work, name, settings=""):
    book = os.path.join(work, name)
    os.makedirs(os.path.join(book, "inventory.d"))
    for what, text in (("community", "public"), ("password", "bench")):
        with open(os.open(os.path.join(book, what), os.O_CREAT | os.O_WRONLY, 0o600), "w") as f:
            f.write(text + "\n")
    with open(os.path.join(book, "gatebook.yml"), "w") as f:
        f.write(f"store: {work}/store\n{settings}credentials:\n  v2c: {{community: 'file:{book}/community'}}\n"
                f"  reader: {{user: reader, password: 'file:{book}/password'}}\n")
    return book


def add_devices(book, name, lines):
    with open(os.path.join(book, "inventory.d", name), "w") as f:
        f.write("devices:\n" + "".join(f"  - {{{line}}}\n" for line in lines))


def router_lines(name, routers, every, site=SITE):
    return [f"name: {name}{i}, host: 127.0.0.1, port: {port}, platform: cisco_ios, credential: reader, site: {name}{i // site}, "
            f"every: {every}s, commands: ['{COMMAND}']" for i, (port, _) in enumerate(routers.listening)]


def agent_lines(n, port):
    return [f"name: a{i}, host: {address(i)}, port: {port}, platform: snmp, credential: v2c, site: a{i // SITE}, every: {EVERY}s"
            for i in range(n)]


def trust(book, name, routers, silent=lambda i: False):
    """Shows each key; those that are silent before their greeting have none."""
    for i, (_, fingerprint) in enumerate(routers.listening):
        if not silent(i):
            subprocess.run([gatebook, "-C", book, "hostkey", "trust", f"{name}{i}", "--fingerprint", fingerprint], check=True,
                           stdout=subprocess.DEVNULL, timeout=30)


# --- the daemon ------------------------------------------------------------------------------------------------------

class Daemon:
    def __init__(self, work, book):
        self.book, self.log = book, os.path.join(work, "log")
        self.process = subprocess.Popen([gatebook, "-C", book, "run"], stderr=open(self.log, "w"), stdin=subprocess.DEVNULL)
        self.began = time.time()
        while b" run: " not in self.read() and self.process.poll() is None:
            time.sleep(0.1)
        if self.process.poll() is not None:
            sys.exit(f"gatebook run: {self.read().decode()}")
        with open(f"/proc/{self.process.pid}/task/{self.process.pid}/children") as f:
            self.recorder = int(f.read().split()[0])

    def read(self):
        with open(self.log, "rb") as f:
            return f.read()

    def look(self):
        """Private KiB and descriptors of scheduler and recorder, the least of some looks: what polls in flight need
        comes and goes."""
        least = {}
        for _ in range(60):
            for role, pid in (("scheduler", self.process.pid), ("recorder", self.recorder)):
                with open(f"/proc/{pid}/status") as f:
                    kib = sum(int(line.split()[1]) for line in f if line.startswith("RssAnon:"))
                now = (kib, len(os.listdir(f"/proc/{pid}/fd")))
                least[role] = tuple(map(min, now, least.get(role, now)))
            time.sleep(0.1)
        return least

    def cpu(self):
        """Seconds of CPU of scheduler and polls, and of the recorder, so far."""
        ticks = os.sysconf("SC_CLK_TCK")
        seconds = []
        for pid, fields in ((self.process.pid, slice(11, 15)), (self.recorder, slice(11, 13))):
            with open(f"/proc/{pid}/stat") as f:
                seconds.append(sum(map(int, f.read().rpartition(") ")[2].split()[fields])) / ticks)
        return seconds

    def polls(self, begin, end):
        """(device, outcome, seconds late) of the polls that are on record between two lengths of the log."""
        text = self.read()[begin:end].decode(errors="replace")
        return [(m[1], m[2], float(m[3])) for m in re.finditer(r"poll: device=(\S+) .*?outcome=(\S+) .*? late=([\d.]+)", text)]

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=60)


def share(values, part):
    return sorted(values)[min(len(values) - 1, int(len(values) * part))] if values else float("nan")


def measure_run(daemon, n):
    """The first interval is warm-up: every device has been polled once."""
    warm = max(RUN // 4, EVERY * 11 // 10)
    time.sleep(warm)
    first, marks, cpu = daemon.look(), [len(daemon.read())], daemon.cpu()
    began = time.monotonic()
    time.sleep(max(0, RUN - warm))
    marks.append(len(daemon.read()))
    spent = [b - a for a, b in zip(cpu, daemon.cpu())]
    last, took = daemon.look(), time.monotonic() - began
    polls = daemon.polls(0, marks[1])
    late = [p[2] for p in polls]
    print(f"{AGENTS:,} SNMP agents and {SSH:,} SSH devices of {ROWS} rows, each polled every {EVERY} s for {RUN} s by one daemon with its "
          f"default limits, the devices on the same {os.cpu_count()} CPUs.\n")
    print("| polls | complete | polls due | p50 late | p99 late (wanted: under 10 s) | latest | CPU of polls and scheduler | "
          "CPU of the recorder |")
    print("|---|---|---|---|---|---|---|---|")
    print(f"| {len(polls):,} | {sum(p[1] == 'complete' for p in polls):,} | {n * RUN // EVERY:,} | {share(late, .5):.1f} s | "
          f"**{share(late, .99):.1f} s** | {max(late):.1f} s | {100 * spent[0] / took:.0f} % of one CPU | {100 * spent[1] / took:.0f} % |")
    print(f"\n| | private MiB after {warm} s | after {RUN} s | slope (wanted: under 1 % an hour) | descriptors | then (wanted: the same) |")
    print("|---|---|---|---|---|---|")
    for role in ("scheduler", "recorder"):
        a, b = first[role], last[role]
        print(f"| {role} | {a[0] / 1024:.1f} | {b[0] / 1024:.1f} | **{100 * (b[0] - a[0]) / a[0] * 3600 / took:+.1f} %** | {a[1]} | {b[1]} |")
    return marks[1]


# --- what the devices say --------------------------------------------------------------------------------------------

def visits_of(work):
    """Moments at which a device was visited, and the most logins it had at once."""
    visits, most = {}, 0
    for name in ("wire", "visits"):
        path = os.path.join(work, name)
        for line in open(path) if os.path.exists(path) else ():
            words = line.split()
            if "visit" in words or "connect" in words:
                visits.setdefault(words[1], []).append(float(words[0]))
            if "login" in words:
                most = max(most, int(words[-1].partition("=")[2]))
    return visits, most


def measure_budgets(work, began):
    visits, most = visits_of(work)
    gaps = [(b - a, device) for device, when in visits.items() for a, b in zip(when, when[1:]) if a > began]
    close = [gap for gap in gaps if gap[0] < MIN_INTERVAL - 1]
    logins = sorted(t for device, when in visits.items() if not device.startswith("127.") for t in when if t > began)
    burst = max((sum(1 for u in logins[i:i + 50] if u < t + 1) for i, t in enumerate(logins)), default=0)
    print(f"\nWhat the devices counted: {sum(map(len, visits.values())):,} visits.\n")
    print("| sooner than limits.min_interval (60 s) | the shortest time between two visits | logins at once to one device | "
          "connections in the fullest second (limits.logins_per_second: 5) |")
    print("|---|---|---|---|")
    print(f"| **{len(close)}** | {min(gaps)[0] if gaps else float('nan'):.1f} s | **{most}** | **{burst}** |")


# --- stalled ones ----------------------------------------------------------------------------------------------------

def measure_stalled(daemon, stalled, begin):
    seconds = EVERY * 11 // 10
    add_devices(daemon.book, "stalled.yml", router_lines("stalled", stalled, 60, 1))
    subprocess.run([gatebook, "-C", daemon.book, "reload"], check=True, stdout=subprocess.DEVNULL, timeout=60)
    after = len(daemon.read())
    time.sleep(seconds)
    end = len(daemon.read())
    print(f"\nThen {STALLED} devices that fall silent (before their greeting, at the login, before the prompt), each at a site of its own, join them for "
          f"{seconds} s: polls of the {SSH:,} healthy SSH devices, which share their limits.\n")
    print("| | polls | median late | p99 | the latest (wanted: at most 1 s more) |")
    print("|---|---|---|---|---|")
    for what, a, b in (("without them", 0, begin), ("with them", after, end)):
        late = [p[2] for p in daemon.polls(a, b) if p[0].startswith("router")]
        print(f"| {what} | {len(late):,} | {share(late, .5):.1f} s | {share(late, .99):.1f} s | **{max(late, default=0):.1f} s** |")
    failed = [p for p in daemon.polls(after, end) if p[0].startswith("stalled")]
    print(f"\n{len(failed)} polls of stalled devices ended in that time, {sum(p[1] == 'failed' for p in failed)} of them failed.")


# --- CPU -------------------------------------------------------------------------------------------------------------

def children_cpu():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def recorder_cpu(pid):
    """Seconds of CPU so far of the first child of a scheduler."""
    try:
        with open(f"/proc/{pid}/task/{pid}/children") as f:
            child = f.read().split()[0]
        with open(f"/proc/{child}/schedstat") as f:
            return int(f.read().split()[0]) / 1e9
    except (OSError, IndexError):
        return 0


def poll_all(book, n):
    """Microseconds of CPU a poll, and those of the recorder alone, which waits for the disk at every commit."""
    before = children_cpu()
    recorder = 0
    process = subprocess.Popen([gatebook, "-C", book, "poll", "-q", "-o", "ndjson"], stdout=subprocess.PIPE, text=True)
    rows = []
    for line in process.stdout:
        rows.append(json.loads(line))
        recorder = max(recorder, recorder_cpu(process.pid))
    process.wait()
    if sum(row.get("outcome") == "complete" for row in rows) != n:
        sys.exit(f"not all of {n} were read: {rows[:3]}")
    return 1e6 * (children_cpu() - before) / n, 1e6 * recorder / n


def talk_to_all(routers):
    done = subprocess.run([os.path.join(build, "bench", "ssh_bare"), "reader", "bench", "router#", *LINES], capture_output=True,
                          text=True, timeout=300, input="".join(port + "\n" for port, _ in routers.listening))
    if done.returncode != 0:
        sys.exit(f"ssh_bare: {done.stderr}")
    return float(done.stdout.split()[0])


def measure_cpu(work):
    """Its own devices, so that nobody counts these visits."""
    n = 50
    place = os.path.join(work, "cpu")
    os.makedirs(place)
    write_replies(place)
    routers = Routers(place, "router", n)
    book = make_book(place, "book", "limits: {jobs: 4, site_jobs: 4, logins_per_second: 1000}\n")
    add_devices(book, "routers.yml", router_lines("router", routers, EVERY))
    trust(book, "router", routers)
    polls, bare = [], []
    for _ in range(ROUNDS):
        polls.append(poll_all(book, n))
        bare.append(talk_to_all(routers))
    routers.end()
    print(f"\nCPU of an SSH poll of {ROWS} rows, a process each, with ledger and store, beside the same dialogue by hand with libssh, which "
          f"keeps nothing; {n} devices, best of {ROUNDS} rounds in turn.\n")
    whole, recorder = min(polls)
    print("| Gatebook, ms | of it the recorder, with its commits | bare libssh, ms | ratio (wanted: at most 1.5) | without the recorder |")
    print("|---|---|---|---|---|")
    print(f"| {whole / 1000:.2f} | {recorder / 1000:.2f} | {min(bare) / 1000:.2f} | **{whole / min(bare):.2f}** | "
          f"**{(whole - recorder) / min(bare):.2f}** |")


def main():
    work = tempfile.mkdtemp(prefix="gatebook-bench-")
    servers = []
    try:
        measure_cpu(work)
        write_replies(work)
        agents = Agents(work)
        servers.append(agents)
        routers = Routers(work, "router", SSH)
        servers.append(routers)
        stalled = Routers(work, "stalled", STALLED, lambda i: "stall " + STALLS[i % len(STALLS)])
        servers.append(stalled)
        small = make_book(work, "small")
        add_devices(small, "routers.yml", router_lines("router", routers, EVERY))
        add_devices(small, "stalled.yml", router_lines("stalled", stalled, 60, 1))
        trust(small, "router", routers)
        trust(small, "stalled", stalled, lambda i: STALLS[i % len(STALLS)] == "connect")
        book = make_book(work, "book")
        add_devices(book, "agents.yml", agent_lines(AGENTS, agents.port))
        add_devices(book, "routers.yml", router_lines("router", routers, EVERY))
        daemon = Daemon(work, book)
        servers.append(daemon)
        print()
        mark = measure_run(daemon, AGENTS + SSH)
        measure_stalled(daemon, stalled, mark)
        measure_budgets(work, daemon.began)
    finally:
        for server in reversed(servers):
            server.end()
        if "BENCH_KEEP" in os.environ:
            print(work, file=sys.stderr)
        else:
            shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
