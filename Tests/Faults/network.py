"""Rows of AWS and the way to it: late, wrong, lost, refused, redirected, not to be found."""

import collections
import contextlib
import datetime
import gzip
import pathlib
import socket
import ssl
import threading
import time
from collections.abc import Iterator

from ghost.certificates import HOST, Authority
from ground import Ground, case, need, until
from injection import Shifted, asking, preloaded, resident_kib, trusting
from liar import endless, head, lying, raw, reset, silent
from walk import AT_ONCE, Scene

POLL_S = 5
LEFT_ALONE_CALLS_MAX = 60  # Each poll would make as many, three times.
PAGE_WITHIN_S = 3
GIVEN_UP_S = 45  # Two attempts of fifteen seconds, and a while.
GROWN_KIB_MAX = 96 << 10
MANY_SITES, WATCHED_S = 20, 40
SITE = """\
  - name: Site {number}
    stack: GhostInfraStack
    region: us-west-2
    endpoint: {endpoint}
    ghost_url: https://blog.example.com
    repository: example/ghost-blog
    ghost_endpoint: 127.0.0.1:1
    github_endpoint: http://127.0.0.1:1
"""


def _failures(scene: Scene) -> list[str]:
    """What is said of readings of AWS that failed."""
    query = "SELECT failure FROM observations WHERE failure IS NOT NULL"
    return [failure for (failure,) in scene.read(query)]


def _until_read(scene: Scene, within_s: float = 60) -> None:
    """Until a poll of this start is over, whatever came of it."""
    seen = f"observed_at >= {scene._started_ms} OR failed_at >= {scene._started_ms}"
    until(lambda: scene.count("observations", seen) > 15, "a poll", within_s)


def _pages_are_shown(scene: Scene) -> None:
    for path in ("/resources", "/changes", "/audit"):
        begun = time.monotonic()
        status = scene.people["ana"].get(path).status
        spent_s = time.monotonic() - begun
        need(status == 200 and spent_s < PAGE_WITHIN_S, f"{path}: {status} after {spent_s:.1f} s")


def _ends(scene: Scene) -> None:
    need(scene.portal.stop() == 0, "it did not end as it should")


@case(28)
def skew(ground: Ground) -> None:
    """this machine's clock is ten minutes off: each read is signed once more by AWS's clock and
    goes through, pages say so, and nothing guarded is run"""
    scene = ground.scene(portal=Shifted)
    scene.portal.shift(600)
    scene.start()
    _until_read(scene)
    calls = scene.cloud.get("calls")
    need(any(call["status"] == 200 for call in calls), "no read went through")
    page = scene.people["ana"].get("/resources").text
    need("ahead of AWS" in page, "no page says that the clock is wrong")
    scene.proposal()()
    scene.approval()()
    answer = scene.execution()()
    need(answer.status == 409 and "clock" in answer.text, f"the run was answered {answer.status}")
    _ends(scene)


@case(29)
def failing(ground: Ground) -> int:
    """AWS answers 500, 503 and too many: attempts are spread by chance, then services that fail
    on end are left alone, and read again afterwards (shown: calls of two polls while they are)"""
    scene = ground.scene(portal=asking(ground.cloud.url, poll_s=POLL_S))
    faults = [("InternalFailure", 500), ("ServiceUnavailable", 503), ("ThrottlingException", 429)]
    scene.cloud.post(
        "faults",
        [
            {"code": code, "status": status, "times": None if status == 429 else 60}
            for code, status in faults
        ],
    )
    scene.start()
    until(lambda: any("in a row" in said for said in _failures(scene)), "a service left alone")
    calls = scene.cloud.get("calls")
    apart = collections.defaultdict(list)
    for call in calls:
        apart[call["operation"]].append(datetime.datetime.fromisoformat(call["time"]))
    waits = {
        round((b - a).total_seconds(), 2)
        for times in apart.values()
        for a, b in zip(sorted(times), sorted(times)[1:])
    }
    need(len(waits) > 3, f"attempts are evenly spread: {waits}")
    until(lambda: len([s for s in _failures(scene) if "in a row" in s]) > 8, "most left alone")
    scene.cloud.post("forget")
    time.sleep(2 * POLL_S)
    calls = scene.cloud.get("calls")
    need(len(calls) < LEFT_ALONE_CALLS_MAX, f"{len(calls)} calls of services that are left alone")
    _pages_are_shown(scene)
    scene.cloud.post("faults", [])
    until(lambda: not _aws_failures(scene), "a good reading", 120)
    _ends(scene)
    return len(calls)


def _aws_failures(scene: Scene) -> list[str]:
    return [said for said in _failures(scene) if "in a row" in said or "AWS" in said]


@case(30)
def hanging(ground: Ground) -> int:
    """AWS says nothing, or falls silent within its answer: readings end at their limit, and
    pages and other people's acts don't wait (shown: seconds until the last reading had ended)"""
    half = head("200 OK", "Content-Length: 1000") + b"<half"
    with lying(silent(), silent(half)) as liar:
        scene = ground.scene(portal=asking(liar.url))
        scene.start()
        begun = time.monotonic()
        until(lambda: liar.asked > 5, "a call")
        _pages_are_shown(scene)
        until(lambda: len(_failures(scene)) > 10, "the end of the readings", GIVEN_UP_S)
        spent_s = time.monotonic() - begun
        _pages_are_shown(scene)
        _ends(scene)
    return int(spent_s)


@case(31)
def lost_answer(ground: Ground) -> None:
    """AWS acts and the connection is reset: the change is unknown, found done by reading, and
    nothing is sent twice"""
    scene = ground.scene()
    scene.start()
    scene.cloud.post("clock", {"scale": 0})
    scene.proposal()()
    scene.approval()()
    scene.cloud.post("faults", [{"operation": "UpdateService", "drop": "after"}])
    scene.execution()()
    until(lambda: scene.state == "unknown", "the unknown")
    page = scene.people["cleo"].get("/resources").text
    need("Nobody knows what became of" in page, "no page says so")
    scene.portal.kill()
    scene.start()
    scene.cloud.post("clock", {"scale": AT_ONCE})
    scene.drive_to_the_end()
    scene.prove_the_end()
    need(scene.acted()["UpdateService"] == 1, "the call was made twice")


@case(32)
def garbage(ground: Ground) -> int:
    """AWS's answers are cut, no HTTP, of another type, endless, or bombs: each reading ends in a
    sentence, and memory stays (shown: KiB it grew by)"""
    bomb = gzip.compress(bytes(64 << 20))
    kinds = [
        raw(head("200 OK", "Content-Length: 5000", "Content-Type: text/xml") + b"<cut"),
        raw(b"\x16\x03\x01\xff garbage\r\n\r\n"),
        raw(head("200 OK", "Content-Length: 15", "Content-Type: text/html") + b"<html>no</html>"),
        raw(head("200 OK", "Content-Length: 2", "Content-Type: application/json") + b"[]"),
        endless(head("200 OK", f"Content-Length: {1 << 30}", "Content-Type: text/xml")),
        endless(head("200 OK", "Content-Type: application/json")),
        endless(head("200 OK", "Transfer-Encoding: chunked") + b"40000000\r\n"),
        raw(head("200 OK", f"Content-Length: {len(bomb)}", "Content-Encoding: gzip") + bomb),
        endless(b"HTTP/1.1 200 OK\r\nX-Long: "),
        reset,
    ]
    with lying(*kinds) as liar:
        scene = ground.scene(portal=asking(liar.url))
        scene.start()
        before = resident_kib(scene.portal.pid)
        until(lambda: len(_failures(scene)) > 10, "the end of the readings", GIVEN_UP_S * 2)
        need(liar.asked > len(kinds), f"it was asked {liar.asked} times only")
        grown = resident_kib(scene.portal.pid) - before
        need(grown < GROWN_KIB_MAX, f"memory grew by {grown} KiB")
        _pages_are_shown(scene)
        _ends(scene)
    return max(grown, 1)


@case(33)
def redirected(ground: Ground) -> int:
    """AWS redirects to where credentials of machines are told: nobody goes there (shown: redirects
    that were not followed)"""
    with lying(raw(head("200 OK", "Content-Length: 0"))) as metadata:
        place = f"Location: {metadata.url}/latest/meta-data/"
        ways = ("301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent")
        replies = [raw(head(way, place, "Content-Length: 0")) for way in ways]
        with lying(*replies) as liar:
            scene = ground.scene(portal=asking(liar.url))
            scene.start()
            until(lambda: len(_failures(scene)) > 10, "the end of the readings", GIVEN_UP_S)
            need(metadata.asked == 0, f"{metadata.asked} redirects were followed")
            _ends(scene)
            return liar.asked


class Secure:
    """A TLS server that counts handshakes it began, and requests that it could read."""

    def __init__(self, context: ssl.SSLContext):
        self.begun = self.read = 0
        self._context = context
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self.begun += 1
                threading.Thread(target=self._serve, args=[connection], daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            connection.settimeout(10)
            with self._context.wrap_socket(connection, server_side=True) as secure:
                if secure.recv(1):
                    self.read += 1
                    secure.sendall(head("200 OK", "Content-Length: 2") + b"ok")

    def close(self) -> None:
        self._listener.close()


@contextlib.contextmanager
def _secure(context: ssl.SSLContext) -> Iterator[Secure]:
    server = Secure(context)
    try:
        yield server
    finally:
        server.close()


@case(34)
def certificates(ground: Ground) -> int:
    """TLS with a certificate that is expired, nobody's, or of another name, or of version 1.0:
    nothing is sent, neither to the blog nor to AWS"""
    folder, other = ground.folder / "tls", ground.folder / "tls-other"
    for each in (folder, other):
        each.mkdir()
    authority, stranger = Authority(folder), Authority(other)
    old = authority.context()
    old.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    old.maximum_version = ssl.TLSVersion.TLSv1
    old.set_ciphers("ALL:@SECLEVEL=0")
    contexts = {
        "a good one": authority.context(),
        "expired": authority.context(days=-1),
        "nobody's": stranger.context(),
        "another name": authority.context(),
        "TLS 1.0": old,
    }
    for what, context in contexts.items():
        is_other = what == "another name"
        with _secure(context) as server:
            _reads_the_blog(ground, server, "www.example.net" if is_other else HOST, folder)
            need((server.read > 0) == (what == "a good one"), f"blog, {what}: {server.read}")
        with _secure(context) as server:
            _reads_aws(ground, server, "localhost" if is_other else "127.0.0.1", folder)
            need((server.read > 0) == (what == "a good one"), f"AWS, {what}: {server.read}")
    return 2 * (len(contexts) - 1)


def _reads_the_blog(ground: Ground, server: Secure, host: str, folder: pathlib.Path) -> None:
    """A portal looks at a blog of this name, by the authority of the folder."""
    more = SITE.format(number=2, endpoint="http://127.0.0.1:1")
    more = more.replace("ghost_endpoint: 127.0.0.1:1", f"ghost_endpoint: 127.0.0.1:{server.port}")
    more = more.replace(HOST, host) + f"    ca_file: {folder}/ca.pem\n"
    scene = ground.scene(portal=asking("http://127.0.0.1:1", more=more))
    scene.start()
    until(lambda: server.begun, "a connection to the blog")
    until(lambda: scene.count("observations", "site = 'Site 2'") > 10, "the readings")
    scene.portal.kill()


def _reads_aws(ground: Ground, server: Secure, host: str, folder: pathlib.Path) -> None:
    """A portal looks for AWS there, on a machine that trusts the authority of the folder."""
    scene = ground.scene(portal=asking(f"https://{host}:{server.port}"))
    scene.portal.under = trusting(folder / "ca.pem")
    scene.start()
    until(lambda: server.begun, "a connection to AWS")
    until(lambda: len(_failures(scene)) > 10, "the end of the readings", GIVEN_UP_S)
    scene.portal.kill()


@case(35)
def names(ground: Ground) -> None:
    """the name of AWS is not found, or only after 30 seconds: readings end in a sentence, and pages
    and the end don't wait"""
    scene = ground.scene(portal=asking("http://aws.invalid:8080"))
    scene.start()
    until(lambda: len(_failures(scene)) > 10, "the end of the readings", GIVEN_UP_S)
    _pages_are_shown(scene)
    _ends(scene)
    scene = ground.scene(portal=asking("http://localhost:1"))
    scene.portal.variables = {"LD_PRELOAD": preloaded("resolve", ground.folder)}
    scene.start()
    until(lambda: len(_failures(scene)) > 10, "the end of the readings", GIVEN_UP_S)
    _pages_are_shown(scene)
    _ends(scene)


@case(36)
def credentials(ground: Ground) -> int:
    """credentials expire or lose their rights in the middle: each call is tried and told, none
    is made again and again, and a run ends without effect (shown: calls of two polls)"""
    scene = ground.scene(portal=asking(ground.cloud.url, poll_s=POLL_S))
    scene.start()
    _until_read(scene)
    scene.proposal()()
    scene.approval()()
    run = scene.execution()
    for code in ("ExpiredTokenException", "AccessDeniedException"):
        scene.cloud.post("faults", [{"code": code, "status": 403, "times": None}])
        scene.cloud.post("forget")
        time.sleep(2 * POLL_S + 2)
        calls = collections.Counter(call["operation"] for call in scene.cloud.get("calls"))
        need(calls and max(calls.values()) <= 12, f"{code}: {calls.most_common(3)}")
        _pages_are_shown(scene)
    run()
    until(lambda: scene.state not in ("executing", "verifying"), "the end of the run")
    need(scene.state in ("failed_no_effect", "approved"), f"the change is {scene.state}")
    need(not any(scene.acted().values()), "AWS has acted")
    _ends(scene)
    return sum(calls.values())


@case(37)
def herd(ground: Ground) -> int:
    """AWS throttles 20 sites for half a minute (no changes wait in a queue here: people start each
    run): when it ends, calls come no faster than in calm (shown: calls in the fastest second)"""
    numbers = range(2, MANY_SITES + 1)
    more = "".join(SITE.format(number=n, endpoint=ground.cloud.url) for n in numbers)
    scene = ground.scene(portal=asking(ground.cloud.url, poll_s=POLL_S, more=more))
    scene.start()
    # As it starts it reads everything at once, which is no calm.
    time.sleep(WATCHED_S)
    scene.cloud.post("forget")
    time.sleep(WATCHED_S)
    calm = _fastest_second(scene)
    throttled = {"code": "ThrottlingException", "status": 400, "times": None}
    scene.cloud.post("faults", [throttled])
    time.sleep(30)
    scene.cloud.post("faults", [])
    scene.cloud.post("forget")
    time.sleep(WATCHED_S)
    after = _fastest_second(scene)
    need(after <= max(calm * 3 // 2, 40), f"{after} calls in a second, {calm} in calm")
    _pages_are_shown(scene)
    _ends(scene)
    return after


def _fastest_second(scene: Scene) -> int:
    seconds = collections.Counter(call["time"][:19] for call in scene.cloud.get("calls"))
    return max(seconds.values(), default=0)
