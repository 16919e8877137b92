"""Keeps the garbage collector from holding up the event loop while triggers wait.

What Airflow has imported is most of a triggerer for good, some 200,000 to 330,000 objects, and to go through
them all takes 115 to 160 ms of the event loop: more than all that 1,000 triggers do in it, and against 24 ms
for what is left when they are passed over. Python does so whenever there is a quarter more, which 1,000
triggers bring about every few minutes.
"""

from __future__ import annotations

import gc
import weakref


class SparedHeap:
    """For as long as it is held, what was there when it was made is passed over.

    The heap is the whole process's: it is as it was again when the last trigger ends, and is left alone where
    somebody else has spared it. What was there, and becomes garbage meanwhile, is collected after that.
    """

    def __init__(self) -> None:
        if gc.get_freeze_count() == 0:
            gc.freeze()
            weakref.finalize(self, gc.unfreeze).atexit = False


_held: weakref.ref[SparedHeap] | None = None


def spared_heap() -> SparedHeap:
    """The one of all who hold it."""
    global _held  # noqa: PLW0603 - a process has one heap
    heap = _held() if _held else None
    if heap is None:
        heap = SparedHeap()
        _held = weakref.ref(heap)
    return heap
