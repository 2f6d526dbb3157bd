#!/usr/bin/env python3
"""Verifies Caretaker's audit log by docs/audit-format.md: a second opinion that shares nothing with
Caretaker but the description of the format.

audit-verify.py FILE [--key KEY] [--anchors FOLDER] [--pack]

FILE is caretaker.sqlite, an export, or with --pack the evidence of one change. KEY is the log's public
key, or a file that holds it."""

import argparse
import base64
import os
import re
import sqlite3
import sys

from audit_notes import (
    Checkpoint, Merkle, Tampered, canonical, decode, encode, is_included, is_signed, key_of, member,
    note_of, refuse, sha,
)  # fmt: skip
from audit_rules import Replay, RuleBroken

VOUCHED, TAMPERED, UNVOUCHED, USAGE, RULE_BROKEN = 0, 1, 2, 3, 4
EXPORT_HEADER = {"export", "from", "frontier", "key", "line", "link", "log", "to"}
PACK_HEADER = {"change", "checkpoint", "entries", "keys", "log", "pack"}
DECISIONS = {
    "change.approved": "approve", "change.rejected": "reject", "change.vote_withdrawn": "withdraw",
}  # fmt: skip
CONTEXT = ("person.", "policy.", "emergency.")  # what an evidence says of who may approve what


class Log:
    """Where the reader stands: behind which entry, with which link, root and key."""

    def __init__(self, name, pinned, anchors, start=1, link=b"", frontier=b"", line=0, key=None):
        self.name, self.link, self.line, self.pinned, self.floor = name, link, line, pinned, None
        self.merkle, self.replay = Merkle(start - 1, frontier), Replay() if start == 1 else None
        self.anchors = sorted(
            (a for a in anchors if a.log == name and a.size >= start), key=lambda a: a.size
        )
        self.gaps, self.strangers, self.vouched_for = [], [], 0
        self.key, self.is_vouched_for, self.pin_is_known = None, False, pinned is None
        if key:
            self.use(key)

    seq = property(lambda self: self.merkle.size)

    def use(self, key, vouched_for=False):
        self.key, self.is_vouched_for = key, vouched_for or key == self.pinned
        self.pin_is_known = self.pin_is_known or key == self.pinned

    def entry(self, raw, link):
        number = self.seq + 1
        entry = canonical(raw, number)
        if member(entry, "log", str) != self.name or member(entry, "seq", int) != number:
            raise Tampered(number, "is missing, or another stands in its place")
        at, leaf = member(entry, "at", int), sha(b"\0", raw)
        sets_clock = entry.get("type") == "clock.accepted"
        if at is None or (self.floor is not None and at < self.floor and not sets_clock):
            raise Tampered(number, "is older than the one before")
        next_ = sha(b"audit-chain-v1\0", self.name.encode(), number.to_bytes(8, "big"), self.link, leaf)
        if next_ != link:
            raise Tampered(number, "is not linked to the one before")
        self.link, self.floor = link, at
        self.merkle.append(leaf)
        self.follow(entry)
        while self.anchors and self.anchors[0].size == number:
            anchor = self.anchors.pop(0)
            if self.objection(anchor):
                self.strangers.append(anchor)
            else:
                self.vouched_for = number
        return entry

    def follow(self, entry):
        type_, data = member(entry, "type", str), member(entry, "data", dict) or {}
        try:
            if type_ in ("log.key_added", "log.key_rotated"):
                key = key_of(member(data, "key", str) or "")
                vouched_for = type_ == "log.key_rotated" and self.rotated(data)
                self.use(key, vouched_for)
        except ValueError as problem:
            raise Tampered(self.seq, "tells of a key that is none, or that no key signed for") from problem
        if self.replay:
            self.replay.apply(entry)
        if type_ == "log.gap_accepted":
            line, kept, lost = (member(data, name, int) for name in ("line", "kept", "lost"))
            if None in (line, kept, lost) or line <= self.line:
                raise Tampered(self.seq, "tells of a gap that can't be")
            self.gaps.append((line, kept, lost))
            self.line = line

    def rotated(self, data):
        """Whether the key before, which must have signed for this one with it, was vouched for."""
        note, old = note_of(member(data, "note", str) or ""), self.key or refuse("no key")
        old_text = f"{old[0]}+{old[1].hex()}+{base64.b64encode(bytes([1]) + old[2]).decode()}"
        text = f"caretaker key rotation\n{self.name}\n{old_text}\n{data['key']}\n"
        if note[0] != text or not is_signed(note, old) or not is_signed(note, key_of(data["key"])):
            refuse("a rotation")
        return self.is_vouched_for

    def objection(self, checkpoint):
        if (checkpoint.log, checkpoint.line, checkpoint.size) != (self.name, self.line, self.seq):
            return "of another place or log"
        if checkpoint.root != self.merkle.root():
            return "of other entries"
        if not self.key or not is_signed(checkpoint.note, self.key):
            return "that is not signed with the log's key"
        return None

    def checkpoint(self, whole, frontier=None):
        try:
            objection = self.objection(Checkpoint(whole))
        except ValueError:
            objection = "that can't be read"
        if not objection and frontier not in (None, b"".join(self.merkle.nodes)):
            objection = "with another frontier"
        if objection:
            raise Tampered(self.seq, f"is followed by a checkpoint {objection}")
        if self.is_vouched_for:
            self.vouched_for = self.seq

    def excused(self, anchor):
        return any(anchor.line < line and kept < anchor.size <= lost for line, kept, lost in self.gaps)

    def verdict(self, claimed):
        for anchor in self.strangers:
            if not self.excused(anchor):
                raise Tampered(anchor.size, "or one before it is not the one that was anchored")
        size = max([claimed] + [a.size for a in self.anchors if not self.excused(a)])
        if size > self.seq:
            raise Tampered(self.seq + 1, f"is missing: there is word of {size} entries")
        if self.seq and not self.pin_is_known:
            raise Tampered(self.seq, "is the last, and none names the key you brought along")
        if self.seq and self.vouched_for == self.seq:
            return VOUCHED, f"Sound: {self.seq} entries, vouched for to the last."
        return UNVOUCHED, (
            f"Sound: {self.seq} entries, vouched for through {self.vouched_for}; "
            f"the last link is {self.link.hex()}."
        )


def verify_database(path, pinned, anchors):
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    # Whoever writes the file as they like may have put any kind of value in any column.
    database.text_factory = lambda text: text.decode(errors="surrogateescape")
    name = (database.execute("SELECT id FROM log").fetchone() or [""])[0]
    log = Log(name if isinstance(name, str) else "", pinned, anchors)
    rows = database.execute(
        "SELECT seq, audit.at, type, person_id, change, bytes, chain, note, frontier"
        " FROM audit LEFT JOIN checkpoints ON size = seq AND typeof(size) = 'integer' ORDER BY seq"
    )
    for seq, at, type_, person, change, raw, link, note, frontier in rows:
        if not isinstance(raw, bytes):
            raise Tampered(log.seq + 1, "is not in its canonical form")
        entry = log.entry(raw, link)
        data = entry.get("data")
        repeats = {
            "seq": (entry.get("seq"), seq), "at": (entry.get("at"), at),
            "type": (entry.get("type"), type_), "person": (entry.get("person"), person),
            "change": (data.get("change") if isinstance(data, dict) else None, change),
        }  # fmt: skip
        for column, (said, kept) in repeats.items():
            if type(said) is not type(kept) or said != kept:
                raise Tampered(log.seq, f"says something else in its column {column}")
        if note is not None:
            is_blob = isinstance(frontier, bytes)
            log.checkpoint(note if isinstance(note, str) else "", frontier if is_blob else b"")
    newest = "SELECT max(size) FROM checkpoints WHERE typeof(size) = 'integer'"
    return log.verdict(database.execute(newest).fetchone()[0] or 0)


def is_hex(text):
    return isinstance(text, str) and re.fullmatch("([0-9a-f]{2})*", text)


def unhex(text):
    """Bytes of lower-case hexadecimal digits; none for anything else."""
    return bytes.fromhex(text) if is_hex(text) else b""


def verify_export(lines, pinned, anchors):
    header = decode(next(lines))
    start, to, line = (member(header, name, int) for name in ("from", "to", "line"))
    is_export = header.get("export") == 1 and set(header) == EXPORT_HEADER
    if not is_export or None in (start, to, line) or start < 1 or to < start - 1:
        refuse("no export")
    link, frontier = bytes.fromhex(header["link"]), bytes.fromhex(header["frontier"])
    key = key_of(header["key"]) if header["key"] else None
    if start == 1 and (link or key or line):
        refuse("no export")
    log = Log(header["log"], pinned, anchors, start, link, frontier, line, key)
    for raw in lines:
        line = canonical(raw, log.seq + 1)
        if set(line) == {"checkpoint"} and isinstance(line["checkpoint"], str):
            log.checkpoint(line["checkpoint"])
        elif set(line) == {"entry", "link"} and is_hex(line["link"]):
            log.entry(encode(line["entry"]), unhex(line["link"]))
        else:
            raise Tampered(log.seq + 1, "is no line of an export")
    if log.seq > to:
        raise Tampered(log.seq, "is more than the export says it holds")
    return log.verdict(to)


class Pack:
    """The evidence of one change: it proves what it holds, not that nothing was left out."""

    def __init__(self, header, pinned):
        if header.get("pack") != 1 or set(header) != PACK_HEADER:
            refuse("no evidence")
        self.header, self.pinned, self.checkpoint = header, pinned, Checkpoint(header["checkpoint"])
        self.keys = [key_of(key) for key in header["keys"]]
        self.change, self.count = int(header["change"]), int(header["entries"])
        self.replay, self.seq, self.digest, self.proposed = Replay(), 0, None, None
        self.votes, self.steps, self.logged_votes, self.logged_steps, self.taken = [], set(), [], set(), 0

    def take(self, raw):
        line = canonical(raw, self.seq + 1)
        keys, proof = set(line), line.get("proof")
        is_plan = keys == {"digest", "plan"} and self.digest is None
        if is_plan and line["digest"] == sha(b"plan-v1\0", encode(line["plan"])).hex():
            self.digest = line["digest"]
        elif keys == {"vote"}:
            self.votes.append(encode(line["vote"]))
        elif keys == {"step"} and encode(line["step"]) not in self.steps:
            self.steps.add(encode(line["step"]))
        elif keys == {"entry", "proof"} and isinstance(proof, list):
            self.entry(line["entry"], [unhex(step) for step in proof])
        else:
            raise Tampered(self.seq + 1, "is no line of evidence")

    def entry(self, entry, proof):
        data, type_ = member(entry, "data", dict) or {}, member(entry, "type", str) or ""
        number, leaf = member(entry, "seq", int) or 0, sha(b"\0", encode(entry))
        is_of_change = member(data, "change", int) == self.change or type_.startswith(CONTEXT)
        is_here = number > self.seq and entry.get("log") == self.header["log"] and is_of_change
        size, root = self.checkpoint.size, self.checkpoint.root
        if not is_here or not is_included(leaf, number - 1, size, root, proof):
            raise Tampered(self.seq + 1, "or the one given for it is not in the signed log")
        self.seq, self.taken = number, self.taken + 1
        self.replay.apply(entry)
        if type_ in ("change.proposed", "change.revised", "change.repriced"):
            self.proposed = data.get("digest")
        if type_ in ("step.intended", "step.finished"):
            self.logged_steps.add(only(data, "step", "outcome", "detail"))
        if type_ in DECISIONS:
            vote = data | {"person": entry.get("person"), "decision": DECISIONS[type_]}
            self.logged_votes.append(only(vote, "person", "decision", "digest", "note"))

    def verdict(self):
        size = self.checkpoint.size
        by = [key for key in self.keys if is_signed(self.checkpoint.note, key)]
        is_own = self.checkpoint.log == self.header["log"] and by
        if not is_own or (self.pinned and self.pinned not in self.keys):
            raise Tampered(size, "is signed with no key of the log, or not with the one given")
        if self.taken != self.count or self.digest is None or self.proposed != self.digest:
            raise Tampered(self.seq, "is the last: entries are missing, or the plan is another")
        if sorted(self.votes) != sorted(self.logged_votes) or not self.steps <= self.logged_steps:
            raise Tampered(self.seq, "is the last, and votes or steps are not as they tell")
        return VOUCHED if self.pinned in by else UNVOUCHED, f"Sound: in the log of {size} entries."


def only(value, *keys):
    return encode({key: value[key] for key in keys if value.get(key) is not None})


def verify_pack(lines, pinned):
    pack = Pack(decode(next(lines)), pinned)
    for raw in lines:
        pack.take(raw)
    return pack.verdict()


def anchors_in(folder):
    for place, _, names in os.walk(folder):
        for name in names:
            with open(os.path.join(place, name), encoding="utf-8") as file:
                yield Checkpoint(file.read())


def lines_of(path):
    with open(path, "rb") as file:
        for line in file:
            yield line.removesuffix(b"\n")


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.error = refuse  # its own status would be that of a sound log
    parser.add_argument("file")
    parser.add_argument("--key")
    parser.add_argument("--anchors")
    parser.add_argument("--pack", action="store_true")
    try:
        given = parser.parse_args(arguments)
        key, where = given.key, given.file
        if key and os.path.exists(key):
            with open(key, encoding="utf-8") as file:
                key = file.read()
        pinned = key_of(key.strip()) if key else None
        anchors = list(anchors_in(given.anchors)) if given.anchors else []
        with open(where, "rb") as file:
            is_database = file.read(16) == b"SQLite format 3\0"
        if given.pack:
            return verify_pack(lines_of(where), pinned)
        if is_database:
            return verify_database(where, pinned, anchors)
        return verify_export(lines_of(where), pinned, anchors)
    except Tampered as problem:
        return TAMPERED, f"Tampered with: entry {problem.args[0]} {problem.args[1]}."
    except RuleBroken as problem:
        return RULE_BROKEN, f"A rule was broken: an entry says that {problem}."
    except (OSError, sqlite3.Error, ValueError, KeyError, TypeError, StopIteration) as problem:
        return USAGE, f"Can't read what was given: {problem}"


if __name__ == "__main__":
    status, sentence = main()
    print(sentence, file=sys.stderr if status == USAGE else sys.stdout)
    sys.exit(status)
