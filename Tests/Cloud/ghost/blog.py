"""The whole of the blog: its state, settings, themes, and what has been done to it."""

import collections
import datetime
import itertools
import threading
import time
import uuid

from peer.faults import Faults

from . import themes
from .settings import Settings
from .state import State
from .themes import Theme

ALONE = "one task"  # until a service says which tasks it runs
CALLS_KEPT_MAX = 10_000
ACTIONS_KEPT_MAX = 1_000


class Blog:
    """Made anew by a reset. Answers hold `lock`."""

    def __init__(self):
        self.lock = threading.RLock()
        self.state = State()
        self.settings = Settings()
        self.faults = Faults()
        self.calls = collections.deque(maxlen=CALLS_KEPT_MAX)
        self.actions = collections.deque(maxlen=ACTIONS_KEPT_MAX)  # newest first
        self.notifications: list[dict] = []
        # The themes of each task; nothing that is uploaded reaches another's disk.
        self._disks: dict[str, dict[str, Theme]] = {ALONE: _of_the_image()}
        self._serving = ALONE
        self._turns = itertools.count()
        self.put(themes.release(themes.VERSION))
        self._starts_at_s = 0.0  # before this moment of the monotonic clock it answers 503

    @property
    def themes(self) -> dict[str, Theme]:
        """What is on the disk of the task that answers now."""
        return self._disks[self._serving]

    @property
    def active_name(self) -> str:
        return self.settings.values["active_theme"]

    @property
    def active(self) -> Theme | None:
        """The active theme, if this task's disk has it."""
        return self.themes.get(self.active_name)

    @property
    def is_starting(self) -> bool:
        return time.monotonic() < self._starts_at_s

    def now_s(self) -> float:
        return time.time() + self.state.clock_ahead_s

    def put(self, theme: Theme) -> None:
        self.themes[theme.name] = theme

    def take_turns(self) -> None:
        """The load balancer gives the next request to the next task."""
        tasks = list(self._disks)
        self._serving = tasks[next(self._turns) % len(tasks)]

    def run_in(self, tasks: list[str], boot_ms: int) -> None:
        """The service runs these tasks now. Each new one has the themes of its image alone."""
        if self._disks.keys() == {ALONE}:
            self._disks = {task: dict(self._disks[ALONE]) for task in tasks}
        elif not self._disks.keys() & set(tasks):
            self.restart(boot_ms)
        self._disks = {task: self._disks.get(task) or _of_the_image() for task in tasks}
        self._serving = tasks[0]

    def restart(self, for_ms: int = 0, keep_themes: bool = False) -> None:
        """Another task: its disk has the themes of the image alone, unless told otherwise."""
        self._starts_at_s = time.monotonic() + for_ms / 1000
        if not keep_themes:
            self._disks = {task: _of_the_image() for task in self._disks}

    def break_theme(self, name: str) -> None:
        """The theme loses its index.hbs, past every check. Raises ValueError."""
        if name not in self.themes:
            raise ValueError(f"no theme {name!r}")
        files = dict(self.themes[name].files)
        files.pop("index.hbs", None)
        self.put(Theme(name, files))

    def note(self, caller: str, event: str, kind: str, name: str) -> None:
        """Writes down what somebody did, as Ghost's own log of actions has it."""
        actor = {"staff": "user", "integration": "integration"}[caller]
        self.actions.appendleft(
            {
                "id": uuid.uuid4().hex[:24],
                "resource_id": None,
                "resource_type": kind,
                "actor_id": f"{actor}-1",
                "actor_type": actor,
                "event": event,
                "context": {"primary_name": name},
                "created_at": _stamp(self.now_s()),
                "actor": {"id": f"{actor}-1", "name": f"Example {actor}", "slug": actor},
            }
        )

    def notify(self, message: str) -> None:
        self.notifications.append(
            {
                "id": uuid.uuid4().hex[:24],
                "dismissible": True,
                "location": "bottom",
                "status": "alert",
                "type": "warn",
                "message": message,
                "seen": False,
                "addedAt": _stamp(self.now_s()),
            }
        )


def _of_the_image() -> dict[str, Theme]:
    return {name: themes.made(name, "5.7.0") for name in themes.OVERRIDABLE_NOT}


def _stamp(at_s: float) -> str:
    moment = datetime.datetime.fromtimestamp(at_s, datetime.UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
