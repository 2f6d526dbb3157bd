"""Ends a process at its Nth system call that could change anything, counted over all its threads.

`strace -e inject=…:when=N` counts for each thread by itself, so what a thread that makes few calls
does last is never reached. Hence this tracer, on ptrace(2): the call is entered and not made.
"""

import ctypes
import os
import pathlib
import signal
import threading

SEIZE, INTERRUPT, LISTEN, SYSCALL, SYSCALL_INFO = 0x4206, 0x4207, 0x4208, 24, 0x420E
SYSCALL_STOP, CLONE_STOP = signal.SIGTRAP | 0x80, 3
TRACE_SYSGOOD, TRACE_CLONE, EXIT_KILL = 0x1, 0x8, 0x100000
OWN_TRACEES = 0x40000000 | 0x20000000  # __WALL | __WNOTHREAD
EVENT_STOP = 128
ENTRY = 1
# Numbers of <asm/unistd_64.h> and of <asm-generic/unistd.h>. Files, sockets and locks: whatever is
# not here leaves no trace outside the process.
CHANGING = {
    "x86_64": {
        1: "write", 18: "pwrite64", 20: "writev", 42: "connect", 44: "sendto", 46: "sendmsg",
        48: "shutdown", 3: "close", 72: "fcntl", 73: "flock", 74: "fsync", 75: "fdatasync",
        76: "truncate", 77: "ftruncate", 82: "rename", 83: "mkdir", 87: "unlink", 257: "openat",
        263: "unlinkat", 264: "renameat", 285: "fallocate", 296: "pwritev", 316: "renameat2",
    },
    "aarch64": {
        64: "write", 68: "pwrite64", 66: "writev", 203: "connect", 206: "sendto", 211: "sendmsg",
        210: "shutdown", 57: "close", 25: "fcntl", 32: "flock", 82: "fsync", 83: "fdatasync",
        45: "truncate", 46: "ftruncate", 34: "mkdirat", 56: "openat", 35: "unlinkat",
        38: "renameat", 47: "fallocate", 70: "pwritev", 276: "renameat2",
    },
}[os.uname().machine]  # fmt: skip


class SyscallInfo(ctypes.Structure):
    """struct ptrace_syscall_info as far as the number of a call that is entered."""

    _fields_ = [
        ("op", ctypes.c_uint8), ("padding", ctypes.c_uint8 * 3), ("arch", ctypes.c_uint32),
        ("instruction_pointer", ctypes.c_uint64), ("stack_pointer", ctypes.c_uint64),
        ("number", ctypes.c_uint64), ("arguments", ctypes.c_uint64 * 6),
    ]  # fmt: skip


_libc = ctypes.CDLL(None, use_errno=True)
_libc.ptrace.restype = ctypes.c_long
_libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]


def _ptrace(request: int, thread: int, address: int = 0, data=0) -> None:
    if _libc.ptrace(request, thread, address, data) == -1:
        raise OSError(ctypes.get_errno(), f"ptrace {request:#x} of thread {thread}")


class Tracer:
    """Traces a process from `attach` on, until it ends by the tracer's hand or any other.

    Afterwards `killed_at` names the call that was not made; it is None if there were fewer.
    """

    def __init__(self, pid: int, kill_at: int):
        self.killed_at: str | None = None
        self.count = 0
        self._pid = pid
        self._kill_at = kill_at
        self._attached = threading.Event()
        self._problem: BaseException | None = None
        # ptrace answers only the thread that attached.
        self._thread = threading.Thread(target=self._trace, name="tracer", daemon=True)

    def attach(self) -> None:
        """Returns when every thread of the process is traced."""
        self._thread.start()
        self._attached.wait()
        if self._problem:
            raise self._problem

    def join(self) -> None:
        """Waits for the end of the process."""
        self._thread.join()
        if self._problem:
            raise self._problem

    def _trace(self) -> None:
        try:
            self._seize()
            self._attached.set()
            while self._step():
                pass
        except BaseException as problem:
            self._problem = problem
        finally:
            self._attached.set()

    def _seize(self) -> None:
        options = TRACE_SYSGOOD | TRACE_CLONE | EXIT_KILL
        for task in pathlib.Path("/proc", str(self._pid), "task").iterdir():
            _ptrace(SEIZE, int(task.name), 0, options)
            _ptrace(INTERRUPT, int(task.name))

    def _step(self) -> bool:
        """Takes one stop and lets its thread go on; False when there is nothing left to trace."""
        try:
            thread, status = os.waitpid(-1, OWN_TRACEES)
        except ChildProcessError:
            return False
        if not os.WIFSTOPPED(status):
            return True
        stop, event = os.WSTOPSIG(status), status >> 16
        try:
            if stop == SYSCALL_STOP:
                self._look(thread)
                _ptrace(SYSCALL, thread)
            elif event == EVENT_STOP and stop in (signal.SIGSTOP, signal.SIGTSTP):
                _ptrace(LISTEN, thread)
            else:
                _ptrace(SYSCALL, thread, 0, 0 if event else stop)
        except ProcessLookupError:
            pass  # It was killed between its stop and our answer.
        return True

    def _look(self, thread: int) -> None:
        info = SyscallInfo()
        _ptrace(SYSCALL_INFO, thread, ctypes.sizeof(info), ctypes.addressof(info))
        if info.op != ENTRY or info.number not in CHANGING or self.killed_at:
            return
        self.count += 1
        if self.count == self._kill_at:
            self.killed_at = CHANGING[info.number]
            os.kill(self._pid, signal.SIGKILL)
