#!/usr/bin/env python3
"""The lab's assertions: run by tests/lab/run in the inside network of a real firewall."""
import getpass
import ipaddress
import json
import os
import re
import sqlite3
import subprocess
import sys
import time
from datetime import datetime

scratch = sys.argv[1]
gatebook = os.environ["GATEBOOK"]
book = os.path.join(scratch, "book")
count = failed = 0


def check(name, ok, detail=""):
    global count, failed
    count += 1
    failed += not ok
    print(f"{'ok' if ok else 'not ok'} {count} - {name}")
    if not ok:
        for line in str(detail).splitlines()[:40]:
            print(f"# {line}")


def run(*words, timeout=60, stdin=None):
    return subprocess.run([str(w) for w in words], capture_output=True, text=True, timeout=timeout, input=stdin)


def gate(*words, timeout=60):
    return run(gatebook, "-C", book, *words, timeout=timeout)


def answer(*words):
    done = gate(*words, "-o", "json")
    try:
        return json.loads(done.stdout)
    except ValueError:
        return {"rows": [], "meta": {}, "broken": done.stdout + done.stderr}


def firewall(*words, timeout=60):
    return run("ip", "netns", "exec", "fw", *words, timeout=timeout)


def poll(*names):
    done = gate("poll", *names, "-o", "json")
    try:
        rows = json.loads(done.stdout)
        rows = rows["rows"] if isinstance(rows, dict) else rows
    except ValueError:
        rows = []
    return done, {row["device"]: row for row in rows}


def read_agents():
    """The credentials of the agent's users, and of the versions without users."""
    agents = {"v1": 'community: "file:%s/community", version_1: true', "v2c": 'community: "file:%s/community"'}
    with open(os.path.join(os.path.dirname(__file__), "agents")) as f:
        for name, auth, priv in (line.split() for line in f if not line.startswith("#")):
            agents[name] = f"user: {name}, auth: " + ("none" if auth == "-" else f'{auth}, auth_password: "file:%s/auth"') \
                + ("" if priv == "-" else f', priv: {priv}, priv_password: "file:%s/priv"')
    return {name: text.replace("%s", scratch) for name, text in agents.items()}


AGENTS = read_agents()


def configure():
    os.makedirs(os.path.join(book, "inventory.d"), exist_ok=True)
    with open(os.path.join(book, "gatebook.yml"), "w") as f:
        f.write(f"""store: ./store
internal: [10.0.0.0/8, "2001:db8:20::/48"]
sandbox: enforce
limits: {{logins_per_second: 50, silence: 10s}}
credentials:
  reader: {{user: {getpass.getuser()}, key: "file:{scratch}/client"}}
{"".join(f"  {name}: {{{text}}}" + chr(10) for name, text in AGENTS.items())}  stranger: {{community: "file:{scratch}/auth"}}
""")
    with open(os.path.join(book, "inventory.d", "lab.yml"), "w") as f:
        f.write("""devices:
  - {name: fw, host: 10.20.0.1, platform: linux, credential: reader, commands: ["conntrack -L -o extended,id"]}
  - {name: ovs, host: 10.20.0.1, port: 2201, platform: openvswitch, credential: reader}
  - {name: proxy, host: 10.20.0.1, port: 2202, platform: haproxy, credential: reader}
  - {name: frr, host: 10.20.0.1, port: 2203, platform: cisco_ios, credential: reader}
  - {name: root, host: 10.20.0.1, port: 2204, platform: linux, credential: reader, commands: ["sudo -n conntrack -L -o extended,id"]}
""" + "".join(f"  - {{name: agent-{a}, host: 10.20.0.11, platform: snmp, credential: {a}, identity: true, max_cpu: 100}}\n"
                          for a in [*AGENTS, "stranger"]) + """  - {name: here, host: localhost, platform: linux, transport: local, commands: ["ss -Htunap"]}
""")


def when(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() if text else None


def sessions(address):
    return answer("sessions", address, "--last", "1h")["rows"]


def finding_a_session():
    done, rows = poll("fw")
    check("an unknown host key is refused before any credential", done.returncode == 4
          and "hostkey trust fw" in done.stdout + done.stderr, done.stdout + done.stderr)
    with open(os.path.join(scratch, "sshd.log")) as f:
        check("sshd saw no login attempt", "Accepted" not in f.read() and "Failed" not in open(f.name).read())
    fingerprint = run("ssh-keygen", "-lf", os.path.join(scratch, "hostkey.pub")).stdout.split()[1]
    scan = gate("hostkey", "scan", "fw")
    check("hostkey scan prints what ssh-keygen prints", fingerprint in scan.stdout, scan.stdout + scan.stderr)
    wrong = gate("hostkey", "trust", "fw", "--fingerprint", "SHA256:" + "A" * 43)
    check("a wrong fingerprint is not trusted", wrong.returncode != 0, wrong.stdout)
    trust = gate("hostkey", "trust", "fw", "--fingerprint", fingerprint)
    check("hostkey trust", trust.returncode == 0, trust.stdout + trust.stderr)

    done, rows = poll("fw")
    fw = rows.get("fw", {})
    check("the poll of the real firewall is complete", done.returncode == 0 and fw.get("outcome") == "complete",
          done.stdout + done.stderr)
    check("every line is accounted for", fw.get("account", {}).get("unread") == 0
          and fw["account"]["lines"] == fw["account"]["row"] + fw["account"]["noise"], fw)
    check("the poller's own login is counted and left out", fw.get("left_out", {}).get("own_login") == 1
          and not sessions("10.20.0.1"), fw)
    check("the sandbox is closed", fw.get("sandbox", 0) >= 1, fw)

    who = answer("who", "203.0.113.10", "--last", "1h")
    found = [r for r in who["rows"] if r["int"]["ip"] == "10.20.0.11" and r["ext"]["port"] == 443]
    check("who 203.0.113.10 finds 10.20.0.11", len(found) == 1, json.dumps(who, indent=1))
    rows = [r for r in sessions("203.0.113.10") if r["int"]["ip"] == "10.20.0.11"]
    check("both its connections, started inside, mapped to 192.0.2.1", len(rows) == 2 and all(
        r["initiator"] == "int" and r["int"]["nat"]["ip"] == "192.0.2.1" for r in rows), json.dumps(rows, indent=1))
    inbound = sessions("198.51.100.7")
    forwarded = [r for r in inbound if r["int"]["ip"] == "10.20.0.13"]
    check("the forwarded port: 10.20.0.13 reached from outside through 192.0.2.1:8443", len(forwarded) == 1
          and forwarded[0]["initiator"] == "ext" and forwarded[0]["int"]["port"] == 443
          and forwarded[0]["int"]["nat"] == {"ip": "192.0.2.1", "port": 8443}, json.dumps(inbound, indent=1))
    six = sessions("2001:db8:feed::10")
    check("IPv6", len(six) == 1 and six[0]["int"]["ip"] == "2001:db8:20::11", json.dumps(six, indent=1))
    with open(os.path.join(scratch, "ran")) as f:
        check("sshd ran the compiled line and nothing else", set(f.read().split("\n")) == {
            "conntrack -L -o extended,id", ""} and not os.path.exists(os.path.join(scratch, "refused")))
    return fw


def cut_in_the_middle():
    before = sessions("203.0.113.10")
    open(os.path.join(scratch, "cut"), "w").close()
    done, rows = poll("fw")
    os.unlink(os.path.join(scratch, "cut"))
    fw = rows.get("fw", {})
    check("sshd killed in the middle of a dump: the poll failed", done.returncode == 1
          and fw.get("outcome") == "failed" and fw.get("reason") == "cut", done.stdout + done.stderr)
    after = sessions("203.0.113.10")
    check("and nothing closed", len(after) == len(before) and all(
        r["end"] is None or r["end"].get("not_after") is None for r in after), json.dumps(after, indent=1))
    who = answer("who", "203.0.113.10", "--last", "1h")
    coverage = who["meta"].get("coverage", {})
    check("the answer says what was not covered", coverage.get("failed", 0) >= 1 and any(
        b["device"] == "fw" for b in coverage.get("blind", [])), json.dumps(who["meta"], indent=1))
    text = gate("who", "203.0.113.10", "--last", "1h").stdout
    check("in words too", "fw" in text and "coverage" in text, text)


def closing_a_session():
    firewall("conntrack", "-F")
    time.sleep(1.1)
    done, rows = poll("fw")
    fw = rows.get("fw", {})
    check("after the table is flushed the next poll closes what was open", done.returncode == 0
          and fw.get("closed", 0) >= 6, done.stdout + done.stderr)
    ended = [r for r in sessions("203.0.113.10") if r["int"]["ip"] == "10.20.0.11"]
    ok = len(ended) == 2
    for r in ended:
        start, end = r["start"], r["end"] or {}
        ok = ok and end.get("not_before") and end.get("not_after") and \
            when(start["not_after"]) <= when(end["not_before"]) <= when(end["not_after"])
    check("with both time bounds", ok, json.dumps(ended, indent=1))


def own_sockets():
    done, rows = poll("here")
    check("real ss on this machine through the local transport", rows.get("here", {}).get("outcome") == "complete"
          and rows["here"]["account"]["unread"] == 0, done.stdout + done.stderr)
    want = set()
    for line in run("ss", "-Htn", "state", "established").stdout.splitlines():
        _, _, near, far = line.split()[:4]
        if far.rsplit(":", 1)[0].strip("[]") in ("203.0.113.10", "203.0.113.20", "2001:db8:feed::10"):
            want.add((near.rsplit(":", 1)[0].strip("[]"), far.rsplit(":", 1)[0].strip("[]"), int(far.rsplit(":", 1)[1])))
    got = {(r["int"]["ip"], r["ext"]["ip"], r["ext"]["port"])
           for address in ("203.0.113.0/24", "2001:db8:feed::/48")
           for r in sessions(address) if "here" in r["devices"]}
    check("says what ss says", want and want <= got, f"missing {want - got}")


def every_form_of_conntrack():
    """The driver reads what the real program prints, in each form, and agrees with itself."""
    firewall("conntrack", "-I", "-s", "10.20.9.9", "-d", "203.0.113.99", "-r", "203.0.113.99", "-q", "192.0.2.1",
             "-p", "tcp", "--sport", "1026", "--dport", "443", "--reply-port-src", "443", "--reply-port-dst", "55555",
             "--state", "ESTABLISHED", "-t", "600", "-u", "ASSURED,SEEN_REPLY")
    firewall("conntrack", "-I", "-s", "10.20.9.9", "-d", "203.0.113.97", "-r", "203.0.113.97", "-q", "10.20.9.9",
             "-p", "gre", "--srckey", "7", "--dstkey", "8", "-t", "600", "--reply-key-src", "8", "--reply-key-dst", "7")
    seen = {}
    forms = {"conntrack -L": ["conntrack", "-L"], "conntrack -L -o extended,id": ["conntrack", "-L", "-o", "extended,id"],
             "conntrack -L -o xml": ["conntrack", "-L", "-o", "xml"], "cat /proc/net/nf_conntrack":
             ["cat", "/proc/net/nf_conntrack"]}
    for name, words in forms.items():
        done = firewall(*words)
        if done.returncode != 0 or not done.stdout:
            print(f"# {name}: {done.stderr.strip()}")
            continue
        path = os.path.join(scratch, "reply.raw")
        with open(path, "w") as f:
            f.write(done.stdout)
        tested = run(gatebook, "driver", "test", "linux", path, "--command", name, "-o", "json")
        out = json.loads(tested.stdout) if tested.stdout else {}
        check(f"`{name}` of the real program is read whole", tested.returncode == 0 and not out.get("unread_lines")
              and len(out.get("rows", [])) > 0, tested.stdout[:2000] + tested.stderr)
        seen[name] = {(r.get("proto"), r.get("in_addr"), r.get("in_port"), r.get("out_addr"), r.get("out_port"))
                      for r in out.get("rows", []) if "203.0.113.9" in str(r.get("out_addr"))}
    check("all forms give the same rows", len(seen) >= 3 and len({frozenset(s) for s in seen.values()}) == 1, seen)


def flat_memory():
    """A table a hundred times larger costs the poll no more memory, its rows apart."""
    def peak(entries):
        firewall("conntrack", "-F")
        run(sys.executable, os.path.join(os.path.dirname(__file__), "traffic.py"), "spray", entries,
            "10.20.0.11", "203.0.113.10", timeout=120)
        watcher = subprocess.Popen([sys.executable, os.path.join(os.path.dirname(__file__), "peak.py"), gatebook,
                                    "-C", book, "poll", "fw", "-o", "json"], stdout=subprocess.PIPE, text=True)
        out, _ = watcher.communicate(timeout=120)
        said = json.loads(out)
        return said["peak_kib"], json.loads(said["stdout"])
    small, rows = peak(2000)
    large, rows = peak(50000)
    row = (rows["rows"] if isinstance(rows, dict) else rows)[0]
    check("a table of 50,000 entries is read whole", row["outcome"] == "complete"
          and row["rows"] >= 50000, json.dumps(row)[:1500])
    check(f"and costs no more memory than one of 2,000 ({large} KiB, {small} KiB)",
          large < 32 * 1024 and large <= small * 1.1 + 256)


def a_store_that_cannot_take_it():
    """Locked, full, newer: refused with what, where and what to do; what was stored stays."""
    waiting = subprocess.Popen([gatebook, "-C", book, "poll", "here", "--every", "20", "-o", "ndjson"],
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    waiting.stdout.readline()
    done = gate("poll", "here")
    holder = [int(n) for n in re.findall(r"\d+", done.stderr)]
    family = [waiting.pid] + [int(c) for c in open(f"/proc/{waiting.pid}/task/{waiting.pid}/children").read().split()]
    check("a locked store names the process that holds it", done.returncode == 1
          and any(pid in holder for pid in family), done.stderr)
    waiting.terminate()
    check("a poll that was told to end says so", waiting.wait(timeout=30) == 130)

    before = len(sessions("203.0.113.0/24"))
    store = os.path.join(book, "store")
    aside = os.path.join(scratch, "aside")
    os.rename(store, aside)
    os.mkdir(store, 0o700)
    run("mount", "-t", "tmpfs", "-o", "size=1m,mode=0700", "tmpfs", store)
    fingerprint = run("ssh-keygen", "-lf", os.path.join(scratch, "hostkey.pub")).stdout.split()[1]
    gate("hostkey", "trust", "fw", "--fingerprint", fingerprint)
    done, rows = poll("fw")
    said = json.dumps(rows) + done.stderr
    check("a full disk: the poll is not recorded, and the reason is said", done.returncode == 1
          and "full" in said and not rows.get("fw", {}).get("poll"), said)
    check("and the store is whole", gate("sessions", "203.0.113.0/24").returncode == 0)
    run("mount", "-o", "remount,size=600m", store)
    done, rows = poll("fw")
    check("with room again the next poll is complete", done.returncode == 0, done.stdout + done.stderr)
    run("umount", store)
    os.rmdir(store)
    os.rename(aside, store)
    check("nothing stored was lost", len(sessions("203.0.113.0/24")) == before)

    db = sqlite3.connect(os.path.join(store, "gatebook.db"))
    version = db.execute("PRAGMA user_version").fetchone()[0]
    db.execute("PRAGMA user_version=99")
    for words in (("poll", "here"), ("who", "203.0.113.10")):
        done = gate(*words)
        check(f"a newer schema is refused by `{words[0]}`", done.returncode == 1 and "99" in done.stderr, done.stderr)
    db.execute(f"PRAGMA user_version={version}")
    db.close()


def trusted(name):
    done = gate("hostkey", "trust", name, "--yes")
    if done.returncode != 0:
        check(f"hostkey trust {name}", False, done.stdout + done.stderr)


def open_vswitch():
    """Real conntrack of a switch in software: 10.40.0.5 goes out as 203.0.113.200."""
    trusted("ovs")
    done, rows = poll("ovs")
    said = firewall("ovs-appctl", "-t", f"{scratch}/vs.ctl", "dpctl/dump-conntrack", "-s").stdout
    ovs = rows.get("ovs", {})
    check("the poll of Open vSwitch is complete, all its lines are rows", ovs.get("outcome") == "complete"
          and ovs["account"]["row"] == ovs["account"]["lines"] == len(said.splitlines()) > 0, done.stdout + done.stderr + said)
    found = [r for r in sessions("203.0.113.10") if r["int"]["ip"] == "10.40.0.5"]
    ports = sorted(int(p) for p in re.findall(r"orig=\(src=10\.40\.0\.5,[^)]*sport=(\d+)", said))
    check("its sessions are those that ovs-appctl prints, started inside, seen as 203.0.113.200", sorted(
        r["int"]["port"] for r in found) == ports != [] and all(r["initiator"] == "int"
        and r["int"]["nat"]["ip"] == "203.0.113.200" and r["place"] == "3" for r in found), json.dumps(found, indent=1) + said)


def haproxy():
    """A real proxy: 10.20.0.12 asks 10.20.0.1:8080, 203.0.113.10:443 answers and sees 192.0.2.1."""
    trusted("proxy")
    done, rows = poll("proxy")
    proxy = rows.get("proxy", {})
    check("the poll of HAProxy is complete", proxy.get("outcome") == "complete" and proxy["account"]["unread"] == 0,
          done.stdout + done.stderr)
    found = [r for r in sessions("203.0.113.10") if r["devices"] == ["proxy"]]
    check("a stream is the client and the server behind the proxy", len(found) == 1 and found[0]["int"]["ip"] == "10.20.0.12"
          and found[0]["int"]["nat"]["ip"] == "192.0.2.1" and found[0]["ext"]["port"] == 443
          and found[0]["ext"]["nat"] == {"ip": "10.20.0.1", "port": 8080}, json.dumps(found, indent=1))


def inside_sockets():
    """Connections of the inside host to the outside, as ss says it: (protocol, address, port, peer, port)."""
    found = set()
    for line in run("ip", "netns", "exec", "in", "ss", "-Htun").stdout.splitlines():
        word = line.split()
        near, far = (w.rsplit(":", 1) for w in word[4:6])
        if word[1] == "ESTAB" and not far[0].strip("[]").startswith("10."):
            found.add((word[0], near[0].strip("[]"), int(near[1]), far[0].strip("[]"), int(far[1])))
    return found


def inside_neighbours():
    """(address, MAC, interface)"""
    said = json.loads(run("ip", "-n", "in", "-j", "neigh", "show").stdout)
    return {(n["dst"], n["lladdr"], n["dev"]) for n in said if "lladdr" in n}


def inside_addresses():
    """Its own: (address, interface, network); not those of the loopback and of one link."""
    said = json.loads(run("ip", "-n", "in", "-j", "addr", "show").stdout)
    return {(a["local"], i["ifname"], str(ipaddress.ip_interface(f"{a['local']}/{a['prefixlen']}").network))
            for i in said for a in i["addr_info"] if a["scope"] == "global"}


def inside_links():
    """(interface, name of the device there, its port, whose id is a MAC)"""
    if os.getuid() != 0:
        return set()
    said = run("lldpcli", "-u", os.path.join(scratch, "inside-host.sock"), "show", "neighbors", "-f", "json0").stdout
    return {(i["name"], i["chassis"][0]["name"][0]["value"], i["port"][0]["descr"][0]["value"])
            for i in json.loads(said)["lldp"][0]["interface"]}


def told_sockets():
    for r in answer("sessions", "--last", "1h")["rows"]:
        for device in r["devices"]:
            yield device, (r["proto"], r["int"]["ip"], r["int"]["port"], r["ext"]["ip"], r["ext"]["port"])


def told_neighbours():
    for r in answer("whereis", "0.0.0.0/0", "::/0", "--last", "1h")["rows"]:
        if r["open"]:
            yield r["told_by"], (r["ip"], r["mac"], r["port"])


def told_addresses():
    for r in answer("sql", "SELECT d.name AS device, ip_text(p.addr) AS ip, p.port, p.name AS network FROM presence p "
                    "JOIN device d ON d.id = p.device WHERE p.kind = 3 AND p.end_by IS NULL")["rows"]:
        yield r["device"], (r["ip"], r["port"], r["network"])


def told_links():
    for r in answer("discover", "--last", "1h")["rows"]:
        if r["kind"] == "neighbour":
            yield r["told_by"], (r["port"], r["what"], r["neighbour"]["port"])


# What the machine's own tool says, and what the store was told by each agent.
SUBJECTS = {"sockets": (inside_sockets, told_sockets, "ss"), "neighbours": (inside_neighbours, told_neighbours, "ip neigh"),
            "addresses": (inside_addresses, told_addresses, "ip addr"), "links": (inside_links, told_links, "lldpcli")}


def agents():
    """A real snmpd, with a real lldpd behind it, by every version and level: it tells what ss, ip and lldpcli say."""
    for _ in range(3):  # until nothing changes while they are asked
        want = {subject: said() for subject, (said, _, _) in SUBJECTS.items()}
        done, rows = poll(*[f"agent-{a}" for a in AGENTS])
        if want == {subject: said() for subject, (said, _, _) in SUBJECTS.items()}:
            break
    found = {subject: list(told()) for subject, (_, told, _) in SUBJECTS.items()}
    for a in AGENTS:
        row = rows.get(f"agent-{a}", {})
        check(f"snmpd by {a}: the poll is complete", row.get("outcome") == "complete" and row.get("sandbox", 0) >= 1,
              f"{row}\n{done.stderr}")
        for subject, (_, _, tool) in SUBJECTS.items():
            got = {what for device, what in found[subject] if device == f"agent-{a}"}
            check(f"snmpd by {a}: {len(got)} {subject}, and `{tool}` says the same", got == want[subject]
                  and (got or tool == "lldpcli" and os.getuid() != 0), f"{sorted(got)}\n{sorted(want[subject])}")
    done, rows = poll("agent-stranger")
    check("a wrong community is silence, and is said to be", rows.get("agent-stranger", {}).get("outcome") == "failed"
          and "community" in rows["agent-stranger"]["why"], done.stdout + done.stderr)


def ios_like_login():
    """FRRouting's vty behind sshd: a banner, telnet's negotiation, a prompt, paging off, refusals, exit."""
    trusted("frr")
    done, rows = poll("frr")
    frr = rows.get("frr", {})
    check("a router without such tables refuses every line, and is said to", frr.get("outcome") == "failed"
          and frr.get("reason") == "refused" and "refused `" in frr.get("why", ""), done.stdout + done.stderr)
    with open(os.path.join(scratch, "zebra.log")) as f:
        log = f.read()
    typed = re.findall(r"vty\[\d+\]@\S+?[>#] *(.*)", log)
    compiled = json.loads(gate("driver", "show", "cisco_ios", "-o", "json").stdout)
    allowed = {c["send"] for c in compiled["commands"]} | set(compiled["dialect"]["setup"]) | {compiled["dialect"]["leave"]}
    check("it was sent compiled lines only, paging off first, exit last", typed and set(typed) <= allowed
          and typed[0] == "terminal length 0" and typed[-1] == "exit", typed)
    what = gate("driver", "detect", "frr", "-o", "json")
    check("driver detect does not take it for a platform it is not", what.returncode == 1
          and "no answer that a driver knows" in what.stdout, what.stdout + what.stderr)


def reconciled():
    done = gate("ledger", "reconcile", "--last", "10m", "command_log@frr:" + os.path.join(scratch, "zebra.log"),
                "command_log@root:" + os.path.join(scratch, "sudo-ran.log"), "-o", "json")
    try:
        return done, json.loads(done.stdout)
    except ValueError:
        return done, {"rows": [], "meta": {"records": {}, "sent": {}}}


def accounting():
    """What FRRouting logged of every command, and sudo of what it ran, beside the ledger: all ours are there, and
    what others did is seen."""
    with open(os.path.join(book, "gatebook.yml"), "a") as f:
        f.write("reconcile: {sources: [127.0.0.1]}\n")
    trusted("root")
    done, rows = poll("root")
    check("the account of driver authz reads the table through sshd and sudo",
          rows.get("root", {}).get("outcome") == "complete", done.stdout + done.stderr)
    door = ["ssh", "-i", os.path.join(scratch, "client"), "-p", "2204", "-o", "BatchMode=yes", "-o",
            "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "10.20.0.1"]
    tried = [run(*door, line).returncode for line in ("id", "sudo -n id", "cat /proc/net/tcp; id", "cat /proc/net/arp")]
    check("and runs no other line", tried == [126, 126, 126, 0], tried)
    done, found = reconciled()
    records, sent = found["meta"]["records"], found["meta"]["sent"]
    check("every command that FRRouting and sudo accounted is one of the ledger, and the other way round",
          done.returncode == 0 and records.get("all", 0) > 10 and records["matched"] == records["all"]
          and sent["missing"] == 0 and sent["found"] == records["all"], done.stdout + done.stderr)
    firewall("sh", "-c", "{ echo 'show tcp brief'; sleep 0.3; echo exit; sleep 0.3; } | "
             "socat - TCP4:127.0.0.1:2601,bind=127.0.0.66 >/dev/null")  # somebody else looks around
    firewall("sh", "-c", "{ echo 'show ip sockets'; sleep 0.3; echo exit; sleep 0.3; } | socat - TCP4:127.0.0.1:2601 >/dev/null")
    firewall("sudo", "-n", "/usr/sbin/conntrack", "-L", "-p", "udp")          # our account, not our line
    done, found = reconciled()
    seen = sorted((r["outcome"], r["device"], r["command"]) for r in found["rows"])
    check("three planted misuses are found, and nothing else", done.returncode == 3 and seen == [
        ("discovery", "frr", "show ip sockets"), ("discovery", "frr", "show tcp brief"),
        ("elsewhere", "root", "/usr/sbin/conntrack -L -p udp")], done.stdout + done.stderr)


def ledger():
    done = gate("sql", "SELECT count(*) AS n FROM ledger", "-o", "json")
    check("the ledger has records", '"n"' in done.stdout and not re.search(r'"n": *0\b', done.stdout), done.stdout + done.stderr)


def needs_root(part):
    global count
    count += 1
    print(f"ok {count} - {part.__name__.replace('_', ' ')} # SKIP needs root")


configure()
for part in (finding_a_session, cut_in_the_middle, closing_a_session, own_sockets, every_form_of_conntrack,
             flat_memory, a_store_that_cannot_take_it, open_vswitch, haproxy, agents, ios_like_login, accounting, ledger):
    if part in (open_vswitch, ios_like_login, accounting) and os.getuid() != 0:
        needs_root(part)
        continue
    try:
        part()
    except Exception as e:  # a broken part is a failure, not the end of the others
        check(part.__name__.replace("_", " "), False, repr(e))
print(f"1..{count}")
sys.exit(1 if failed else 0)
