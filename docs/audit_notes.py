"""Canonical JSON, signed notes and the Merkle tree, as docs/audit-format.md has them. Part of
audit-verify.py."""

import base64
import hashlib
import json
import re

from audit_ed25519 import signed


class Tampered(Exception):
    """The number of the entry, and why."""


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


# ---- Canonical JSON


def refuse(text):
    raise ValueError(f"{text} is not allowed")


def unique(pairs):
    if len(dict(pairs)) != len(pairs) or any(not re.fullmatch("[a-z0-9_]+", k) for k, _ in pairs):
        refuse("a key")
    return dict(pairs)


def check(value):
    """No null anywhere, no integer that another reader could round."""
    if value is None or (isinstance(value, int) and abs(value) > 2**53 - 1):
        refuse(repr(value))
    if isinstance(value, dict):
        value = list(value.values())
    for inner in value if isinstance(value, list) else ():
        check(inner)


def encode(value):
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def decode(raw):
    """The object, if the bytes are the one encoding of it."""
    value = json.loads(raw.decode(), object_pairs_hook=unique, parse_float=refuse, parse_constant=refuse)
    check(value)
    if not isinstance(value, dict) or encode(value) != raw:
        refuse("another encoding")
    return value


def canonical(raw, number):
    """The object that stands where an entry should, or what stands around one."""
    try:
        return decode(raw)
    except (ValueError, RecursionError) as problem:
        raise Tampered(number, "is not in its canonical form") from problem


def member(value, key, kind):
    """What stands under a key, if it is there and of this kind; True is 1 in Python, not here."""
    found = value.get(key) if isinstance(value, dict) else None
    return found if type(found) is kind else None


# ---- Keys, notes and checkpoints, C2SP signed-note and tlog-checkpoint


def unbase64(text):
    raw = base64.b64decode(text, validate=True)
    if base64.b64encode(raw).decode() != text:
        refuse("another Base64")
    return raw


def key_of(text):
    """(name, id, key) of name+id+base64; ValueError for anything else."""
    name, id_, raw = *text.split("+", 2)[:2], unbase64(text.split("+", 2)[-1])
    is_name = re.fullmatch(r"[^\s\x00-\x1f]+", name)
    if not is_name or len(raw) != 33 or raw[0] != 1 or sha(name.encode(), b"\n", raw)[:4].hex() != id_:
        refuse("a key")
    return name, bytes.fromhex(id_), raw[1:]


def note_of(whole):
    """(text, [(name, id, signature)]); ValueError for anything else."""
    text, gap, below = whole.rpartition("\n\n")
    found = [re.fullmatch(r"— (\S+) (\S+)", line) for line in below.split("\n")[:-1]]
    if not gap or not text or not below.endswith("\n") or not all(found) or not found:
        refuse("a note")
    raws = [(match[1], unbase64(match[2])) for match in found]
    return text + "\n", [(name, raw[:4], raw[4:]) for name, raw in raws]


def is_signed(note, key):
    """Whether there is one signature by the key, and it is right."""
    own = [signature for name, id_, signature in note[1] if (name, id_) == key[:2]]
    return len(own) == 1 and signed(key[2], own[0], note[0].encode())


class Checkpoint:
    def __init__(self, whole):
        self.note = note_of(whole)
        match = re.fullmatch(
            r"caretaker/([^/\n]*)(?:/([1-9][0-9]*))?\n([1-9][0-9]*)\n(\S+)\n", self.note[0]
        ) or refuse("a checkpoint")
        self.log, self.line, self.size = match[1], int(match[2] or 0), int(match[3])
        self.root = unbase64(match[4])


# ---- The Merkle tree, RFC 6962 section 2.1


class Merkle:
    """The roots of the complete subtrees, largest first."""

    def __init__(self, size=0, frontier=b""):
        self.size, self.nodes = size, [frontier[i : i + 32] for i in range(0, len(frontier), 32)]
        if len(frontier) != 32 * bin(size).count("1"):
            refuse("a frontier")

    def append(self, leaf):
        size = self.size
        while size & 1:
            leaf, size = sha(b"\1", self.nodes.pop(), leaf), size >> 1
        self.nodes.append(leaf)
        self.size += 1

    def root(self):
        root, *others = self.nodes[::-1] or [sha()]
        for left in others:
            root = sha(b"\1", left, root)
        return root


def is_included(leaf, index, size, root, proof):
    node, last = index, size - 1
    if not 0 <= index < size:
        return False
    for step in proof:
        if last == 0:
            return False
        if node & 1 or node == last:
            leaf = sha(b"\1", step, leaf)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            leaf = sha(b"\1", leaf, step)
        node, last = node >> 1, last >> 1
    return last == 0 and leaf == root
