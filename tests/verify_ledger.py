#!/usr/bin/env python3
"""Checks a ledger, or one record's proof, without Gatebook: written from the formats in ledger/ledger.h and
ledger/head.h, RFC 9162 2.1 and RFC 8032 5.1.7 alone.

  verify_ledger.py ledger GATEBOOK.DB PUBLIC.PEM [HEADS]     exit 0: whole; 3: not
  verify_ledger.py proof PROOF.JSON PUBLIC.PEM
"""
import base64
import hashlib
import json
import sqlite3
import struct
import sys
import time


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def ed25519_verify(public, message, signature):
    p, d = 2**255 - 19, -121665 * pow(121666, 2**255 - 21, 2**255 - 19)
    order = 2**252 + 27742317777372353535851937790883648493

    def point(b):
        y = int.from_bytes(b, "little") & (1 << 255) - 1
        x2 = (y * y - 1) * pow(d * y * y + 1, p - 2, p) % p
        x = pow(x2, (p + 3) // 8, p)
        if (x * x - x2) % p:
            x = x * pow(2, (p - 1) // 4, p) % p
        assert (x * x - x2) % p == 0 and y < p
        if x & 1 != b[31] >> 7:
            x = p - x
        return (x, y, 1, x * y % p)

    def add(a, b):
        e, f = (a[1] - a[0]) * (b[1] - b[0]) % p, (a[1] + a[0]) * (b[1] + b[0]) % p
        g, h = 2 * a[3] * b[3] * d % p, 2 * a[2] * b[2] % p
        e, f, g, h = f - e, h - g, h + g, f + e
        return (e * f % p, g * h % p, f * g % p, e * h % p)

    def times(n, a):
        r = (0, 1, 1, 0)
        while n:
            if n & 1:
                r = add(r, a)
            a, n = add(a, a), n >> 1
        return r

    base = point(bytes([0x58]) + bytes([0x66]) * 31)
    s = int.from_bytes(signature[32:], "little")
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % order
    left, right = times(s, base), add(point(signature[:32]), times(k, point(public)))
    return s < order and all((left[i] * right[2] - right[i] * left[2]) % p == 0 for i in (0, 1))


def public_keys(path):
    with open(path) as f:
        parts = f.read().split("-----BEGIN PUBLIC KEY-----")[1:]
    return [base64.b64decode(x.split("-----")[0])[-32:] for x in parts]


def head(note, keys):
    """The fields of a signed note; an assertion fails when it is not signed by one of the keys."""
    text, _, rest = note.partition("\n\n\u2014 ")
    lines = (text + "\n").split("\n")
    name, _, signed = rest.rstrip("\n").partition(" ")
    blob = base64.b64decode(signed)
    assert name == lines[0] and len(blob) == 68
    assert any(sha(name.encode(), b"\n\x01", k)[:4] == blob[:4] and
               ed25519_verify(k, (text + "\n").encode(), blob[4:]) for k in keys), "no known key signed it"
    return dict(origin=lines[0], size=int(lines[1]), root=base64.b64decode(lines[2]), number=int(lines[3][5:]),
                time=int(lines[4][5:]), before=base64.b64decode(lines[5][7:]))


def root(peaks):
    out = None
    for _, value in reversed(peaks):
        out = value if out is None else sha(b"\x01", value, out)
    return out


def check_ledger(db, keys, kept):
    db = sqlite3.connect("file:%s?mode=ro" % db, uri=True)
    heads = [(size, note, False) for size, note in db.execute("SELECT size, note FROM head ORDER BY size")]
    heads += [(head(note, keys)["size"], note, True) for note in kept]
    heads.sort(key=lambda h: (h[0], h[2]))
    peaks, chain, origin, before, count, sealed, when = [], bytes(32), None, bytes(32), 0, 0, 0
    for n, (seq, time_us, record, stored) in enumerate(db.execute("SELECT * FROM ledger ORDER BY seq"), 1):
        assert (n - 1) // 1000 <= sealed // 1000, "no head over record %d" % (n - 1)
        inner, inner_time = struct.unpack_from("<Q", record, 8)[0], struct.unpack_from("<q", record, 32)[0]
        chain = sha(b"\0", chain, record)
        assert (seq, inner, inner_time, stored) == (n, n, time_us, chain), "record %d" % n
        origin, when = origin or "gatebook-ledger-" + chain.hex()[:16], time_us
        peaks.append((1, chain))
        while len(peaks) > 1 and peaks[-1][0] == peaks[-2][0]:
            (size, right), (_, left) = peaks.pop(), peaks.pop()
            peaks.append((2 * size, sha(b"\x01", left, right)))
        while heads and heads[0][0] <= n:
            size, note, is_kept = heads.pop(0)
            h = head(note, keys)
            assert (h["size"], h["origin"], h["root"]) == (n, origin, root(peaks)), "head over %d" % size
            if not is_kept:
                count += 1
                assert h["size"] == size and (h["number"], h["before"]) == (count, before), "head %d" % count
                before, sealed = sha(note.encode()), n
    assert not heads, "a head over %d records: the ledger is shorter" % heads[0][0]
    assert count > 0 and (sealed == n or time.time() - when / 1e6 < 600), "no head over the end"


def check_proof(p, keys):
    h = head(p["head"], keys)
    record, before, at = bytes.fromhex(p["record"]), bytes.fromhex(p["before"]), p["seq"] - 1
    assert struct.unpack_from("<Q", record, 8)[0] == p["seq"] and at < h["size"]
    value, last = sha(b"\0", before, record), h["size"] - 1
    for step in map(bytes.fromhex, p["path"]):  # RFC 9162, 2.1.3.2
        assert last > 0, "the path is too long"
        if at & 1 or at == last:
            value = sha(b"\x01", step, value)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            value = sha(b"\x01", value, step)
        at, last = at >> 1, last >> 1
    assert last == 0 and value == h["root"], "the path does not lead to the signed root"


def notes(path):
    with open(path, encoding="utf-8") as f:
        blocks = f.read().replace("\n\n\u2014", "\0\u2014").strip("\n").split("\n\n")
    return [b.replace("\0", "\n\n").strip("\n") + "\n" for b in blocks]


def main(what, path, pem, *kept):
    try:
        if what == "proof":
            with open(path) as f:
                check_proof(json.load(f), public_keys(pem))
        else:
            check_ledger(path, public_keys(pem), [n for k in kept for n in notes(k)])
    except Exception as wrong:  # whatever does not read is not proved
        print("not proved: %s %s" % (type(wrong).__name__, wrong))
        return 3
    print("proved")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
