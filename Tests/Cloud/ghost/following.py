"""Ghost as the AWS peer's service runs it: another task is another disk and maybe version."""

import json
import re
import threading
import time
import urllib.request

from .server import Server

LOOK_EVERY_S = 1.0
TIMEOUT_S = 10
BOOT_MS = 1_500
VERSION = re.compile(r"^v(\d+\.\d+\.\d+)(?:-\d+)?$")


class Follower:
    """Looks at which task of the service runs, as long as this process does."""

    def __init__(self, server: Server, cloud: str):
        self._server = server
        self._turn = threading.Lock()
        self._url = f"{cloud}/_cloud/running"

    def start(self) -> None:
        """Knows the task by the time this returns, if the cloud is there."""
        self._server.look = self.look
        self._look_if_possible()
        threading.Thread(target=self._follow, daemon=True).start()

    def look(self) -> None:
        """Has Ghost run in the tasks that are there, as the oldest of them says."""
        # One by one: what was seen earlier is not applied later.
        with self._turn:
            self._look()

    def _look(self) -> None:
        with urllib.request.urlopen(self._url, timeout=TIMEOUT_S) as answer:
            tasks = json.load(answer)
        blog = self._server.blog
        with blog.lock:
            blog.state.is_down = not tasks
            if not tasks:
                return
            blog.run_in([task["task"] for task in tasks], BOOT_MS)
            blog.state.mail_from = tasks[0]["environment"].get("mail__from", "")
            versions = [VERSION.match(tag) for tag in tasks[0]["tags"]]
            known = next((match[1] for match in versions if match), None)
            blog.state.version = known or blog.state.version

    def _follow(self) -> None:
        while True:
            time.sleep(LOOK_EVERY_S)
            self._look_if_possible()

    def _look_if_possible(self) -> None:
        try:
            self.look()
        except (OSError, ValueError, KeyError):
            pass  # the cloud is being reset, or is gone; it is looked at again
