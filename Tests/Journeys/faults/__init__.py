"""Faults that are caused from within a desk's process, by a small library that is preloaded into it: no root needed, and no file system of one's own."""

import ctypes
import errno
import mmap
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).parent


def library(name, folder):
    """Compiles one; answers its path."""
    path = folder / f"{name}.so"
    compiler = shutil.which("cc") or shutil.which("clang")
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o", path, HERE / f"{name}.c", "-ldl"], check=True)
    return path


class _Orders(ctypes.Structure):
    _fields_ = [(name, ctypes.c_int) for name in ("syncs", "writes", "error", "stays", "hits")]


class Disk:
    """The disk under a desk's database; `environment` is the desk's."""

    def __init__(self, folder):
        file = folder / "orders"
        file.write_bytes(bytes(ctypes.sizeof(_Orders)))
        with file.open("r+b") as opened:
            self._orders = _Orders.from_buffer(mmap.mmap(opened.fileno(), ctypes.sizeof(_Orders)))
        self.environment = {"LD_PRELOAD": str(library("disk", folder)), "DISK_ORDERS": str(file)}

    def fail(self, what, number=1, error=errno.EIO, stays=False):
        """The `number`-th of the `what` (`syncs`, `writes`) from now fails; with `stays` all that follow."""
        self._orders.error, self._orders.stays = error, int(stays)
        setattr(self._orders, what, number)

    def mend(self):
        self._orders.stays = self._orders.syncs = self._orders.writes = 0

    @property
    def is_armed(self):
        return self._orders.syncs > 0 or self._orders.writes > 0

    @property
    def hits(self):
        return self._orders.hits


class Clock:
    """A desk's wall clock, which can be set while it runs; `environment` is the desk's."""

    def __init__(self, folder):
        file = folder / "clock-orders"
        file.write_bytes(bytes(ctypes.sizeof(ctypes.c_long)))
        with file.open("r+b") as opened:
            self._ahead = ctypes.c_long.from_buffer(mmap.mmap(opened.fileno(), ctypes.sizeof(ctypes.c_long)))
        self.environment = {"LD_PRELOAD": str(library("clock", folder)), "CLOCK_ORDERS": str(file)}

    def set(self, ahead):
        """`ahead`: seconds beyond the right time."""
        self._ahead.value = ahead
