#!/usr/bin/env python3
"""Takes the protected records out of recorded mbedTLS connections.

    make-records.py FOLDER > mbedtls-records.json

FOLDER holds recordings with key blocks (the reference material's
tls-transcripts-mbedtls; its files are made with Debian's mbedTLS 2.28 under a
seeded generator).  One connection for each combination of cipher, MAC,
version and encrypt-then-MAC is kept, and of that the client's records after
its ChangeCipherSpec: no certificates, no handshake in clear.  The plaintext of
data and alerts is known (the program sent "ping", and "ing" once more where
TLS 1.0 splits it; close_notify); that of Finished is not, and is left out.
"""
import glob
import json
import os
import sys


def server_hello(steps):
    for s in steps:
        b = bytes.fromhex(s["record"])
        if s["from"] == "server" and b[0] == 22 and b[5] == 2:
            return b[9:5 + int.from_bytes(b[3:5], "big")]
    raise ValueError("no ServerHello")


def extensions(hello):
    at = 35 + hello[34] + 3 + 2
    while at + 4 <= len(hello):
        yield int.from_bytes(hello[at:at + 2], "big")
        at += 4 + int.from_bytes(hello[at + 2:at + 4], "big")


def vector(j):
    hello = server_hello(j["steps"])
    at = 35 + hello[34]
    block = bytes.fromhex(j["key_block"])
    mac, key, iv = j["mac_key_len"], j["enc_key_len"], j["iv_len"]
    out = {
        "suite": hello[at:at + 2].hex(),
        "version": hello[0:2].hex(),
        "etm": 0x16 in extensions(hello),
        "mac_key": block[:mac].hex(),
        "key": block[2 * mac:2 * mac + key].hex(),
        "iv": block[2 * (mac + key):2 * (mac + key) + iv].hex(),
        "records": [],
    }
    data = iter([b"p", b"ing", b"i", b"ng"]
                if out["version"] == "0301" else [b"ping"])
    protected = False
    for s in j["steps"]:
        if s["from"] != "client":
            continue
        record = {"record": s["record"]}
        kind = bytes.fromhex(s["record"])[0]
        if protected:
            if kind == 23:
                record["plaintext"] = next(data).hex()
            elif kind == 21:
                record["plaintext"] = "0100"
            out["records"].append(record)
        protected = protected or kind == 20
    return out


def form(name):
    """What the record layer sees of a suite: cipher and MAC."""
    return name.split("-WITH-")[1]


def main():
    seen = set()
    vectors = []
    for path in sorted(glob.glob(os.path.join(sys.argv[1], "*.json"))):
        with open(path, encoding="utf-8") as f:
            j = json.load(f)
        v = vector(j)
        kind = (form(j["suite"]), v["version"], v["etm"])
        if kind not in seen:
            seen.add(kind)
            vectors.append(v)
    print('{"about": "records of a client after its ChangeCipherSpec, in '
          'order from sequence number 0; a record without plaintext is a '
          'Finished",')
    print(' "source": "made for this project with Debian\'s mbedTLS 2.28.3 '
          'under a seeded generator; see make-records.py",')
    print(' "vectors": [')
    print(",\n".join("  " + json.dumps(v) for v in vectors))
    print(" ]}")


main()
