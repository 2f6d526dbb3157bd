"""`python -m peer.nursery COMMAND…` runs a command whose peers begin at once.

Each is forked from a process that has read every module and model already, which takes a peer that
begins by itself some seconds.
"""

import contextlib
import importlib
import json
import os
import pathlib
import runpy
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

from .birth import VARIABLE

MODULES = ["cloud.serving", "ghost.serving", "github.serving"]
MESSAGE_MAX = 64_000
WAITING_MAX = 64
LOOK_S = 0.05


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        place = pathlib.Path(folder, "nursery")
        nursery = os.fork()
        if nursery == 0:
            _serve(place)
        try:
            while not place.exists():
                if os.waitpid(nursery, os.WNOHANG)[0]:
                    sys.exit("nursery: it did not begin; its message is above")
                time.sleep(LOOK_S)
            ended = subprocess.run(sys.argv[1:], env=os.environ | {VARIABLE: str(place)})
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.kill(nursery, signal.SIGKILL)
    sys.exit(ended.returncode if ended.returncode >= 0 else 128 - ended.returncode)


def _serve(place: pathlib.Path) -> None:
    for module in MODULES:
        importlib.import_module(module)
    # What a world reads when it is first made is read now.
    importlib.import_module("cloud.world").World()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    listener = socket.socket(socket.AF_UNIX)
    unnoticed = place.with_suffix(".new")
    listener.bind(str(unnoticed))
    listener.listen(WAITING_MAX)
    unnoticed.rename(place)
    while True:
        line, _ = listener.accept()
        if os.fork() == 0:
            listener.close()
            _become_peer(line)
        line.close()


def _become_peer(line: socket.socket) -> None:
    """Is the peer that was asked for, until it ends or whoever asked does."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    text, descriptors, _, _ = socket.recv_fds(line, MESSAGE_MAX, 3)
    for number, descriptor in enumerate(descriptors):
        os.dup2(descriptor, number)
        os.close(descriptor)
    asked = json.loads(text)
    os.chdir(asked["folder"])
    sys.argv = [asked["module"], *asked["arguments"]]
    threading.Thread(target=_end_with, args=[line], daemon=True).start()
    status = 0
    try:
        runpy.run_module(asked["module"], run_name="__main__")
    except SystemExit as end:
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr, flush=True)
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    line.send(bytes([status & 0xFF]))
    os._exit(status)


def _end_with(line: socket.socket) -> None:
    line.recv(1)
    os._exit(0)


if __name__ == "__main__":
    main()
