#!/usr/bin/env python3
"""Builds MAC-then-encrypt, RC4 and NULL records from the formulas of the RFCs.

    make-openssl-records.py > openssl-records.json

MACs come from Python's hashlib and hmac, ciphers from the openssl command, so
nothing of this project is in them.  Padding is the least possible.
"""
import hashlib
import hmac
import json
import subprocess

# suite, version, MAC hash, openssl cipher, key length, block
ROWS = [
    ("000a", 0x0300, "sha1", "des-ede3-cbc", 24, 8),
    ("000a", 0x0301, "sha1", "des-ede3-cbc", 24, 8),
    ("000a", 0x0303, "sha1", "des-ede3-cbc", 24, 8),
    ("002f", 0x0301, "sha1", "aes-128-cbc", 16, 16),
    ("002f", 0x0302, "sha1", "aes-128-cbc", 16, 16),
    ("0035", 0x0303, "sha1", "aes-256-cbc", 32, 16),
    ("003c", 0x0303, "sha256", "aes-128-cbc", 16, 16),
    ("c028", 0x0303, "sha384", "aes-256-cbc", 32, 16),
    ("0041", 0x0301, "sha1", "camellia-128-cbc", 16, 16),
    ("0084", 0x0303, "sha1", "camellia-256-cbc", 32, 16),
    ("0096", 0x0303, "sha1", "seed-cbc", 16, 16),
    ("0009", 0x0301, "sha1", "des-cbc", 8, 8),
    ("0006", 0x0300, "md5", "rc2-cbc", 16, 8),
    ("0004", 0x0300, "md5", "rc4", 16, 1),
    ("0005", 0x0302, "sha1", "rc4", 16, 1),
    ("0001", 0x0300, "md5", None, 0, 1),
    ("003b", 0x0303, "sha256", None, 0, 1),
]
TEXTS = [b"", b"hello", bytes(range(61)),
         bytes(i * 7 % 256 for i in range(300))]


def counting(start, n):
    return bytes((start + i) % 256 for i in range(n))


def mac_of(version, name, key, seq, text):
    head = seq.to_bytes(8, "big") + b"\x17"
    length = len(text).to_bytes(2, "big")
    if version > 0x0300:
        return hmac.new(key, head + version.to_bytes(2, "big") + length + text,
                        name).digest()
    n = 48 if name == "md5" else 40
    inner = hashlib.new(name, key + b"\x36" * n + head + length + text)
    return hashlib.new(name, key + b"\x5c" * n + inner.digest()).digest()


def openssl(cipher, key, iv, data):
    args = ["openssl", "enc", "-" + cipher, "-K", key.hex(), "-nopad",
            "-provider", "legacy", "-provider", "default"]
    if iv:
        args += ["-iv", iv.hex()]
    return subprocess.run(args, input=data, check=True,
                          capture_output=True).stdout


def padded(data, block):
    n = block - len(data) % block
    return data + bytes([n - 1]) * n


def vector(suite, version, name, cipher, key_len, block):
    mac_key = counting(0x80, hashlib.new(name).digest_size)
    key = counting(0x41, key_len)
    first_iv = counting(0xA0, block) if block > 1 else b""
    iv, stream, records = first_iv, b"", []
    for seq, text in enumerate(TEXTS):
        data = text + mac_of(version, name, mac_key, seq, text)
        if block > 1:
            front = b""
            if version > 0x0301:
                iv = front = counting(0x11 * (seq + 1), block)
            body = openssl(cipher, key, iv, padded(data, block))
            iv = body[-block:]
            body = front + body
        elif cipher:
            stream += data  # one key stream over all records
            body = openssl(cipher, key, b"", stream)[-len(data):]
        else:
            body = data
        records.append({
            "record": (b"\x17" + version.to_bytes(2, "big") +
                       len(body).to_bytes(2, "big") + body).hex(),
            "plaintext": text.hex(),
        })
    return {"suite": suite, "version": "%04x" % version, "etm": False,
            "mac_key": mac_key.hex(), "key": key.hex(), "iv": first_iv.hex(),
            "records": records}


print('{"about": "records of application data in order from sequence number '
      '0: MAC-then-encrypt, RC4, NULL",')
print(' "source": "made for this project from the RFCs\' formulas with the '
      'openssl command; see make-openssl-records.py",')
print(' "vectors": [')
print(",\n".join("  " + json.dumps(vector(*row)) for row in ROWS))
print(" ]}")
