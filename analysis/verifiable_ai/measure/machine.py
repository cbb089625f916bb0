"""What this machine is, and what room it has."""

import os
import platform
import shutil
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from analysis.verifiable_ai.measure.processes import GIB

LIBRARIES = ("ezkl", "onnx", "onnxruntime", "numpy")


@dataclass(frozen=True, slots=True)
class Room:
    """What is free."""

    disk_bytes: float
    memory_bytes: float


def room(folder: Path) -> Room:
    """Free disk where `folder` is or will be, and memory that a new process may use."""
    there = next(parent for parent in (folder, *folder.parents) if parent.exists())
    return Room(shutil.disk_usage(there).free, min(_available_bytes(), _left_to_group()))


def _available_bytes() -> int:
    for line in _lines("/proc/meminfo"):
        if line.startswith("MemAvailable:"):
            return 1024 * int(line.split()[1])
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def _left_to_group() -> float:
    """What the limit of a container leaves, where there is one (Linux, control groups version 2)."""
    limit, used = (next(iter(_lines(f"/sys/fs/cgroup/memory.{name}")), "max") for name in ("max", "current"))
    return float("inf") if "max" in (limit, used) else float(limit) - float(used)


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return []


def processor() -> str:
    """Name of the processor."""
    named = (line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name"))
    return next(named, None) or platform.machine()  # platform.processor() starts a process, which would hold our locks


def cores() -> int:
    """Logical cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def memory_gib() -> float:
    """Memory of the machine, to a tenth."""
    return round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / GIB, 1)


def versions() -> str:
    """Versions of Python and of the libraries that a measurement hangs on."""
    found = [f"{name}={version(name)}" for name in LIBRARIES]
    return " ".join([*found, f"python={platform.python_version()}"])
