"""One piece of work in a process of its own: `python -m benchmarks.probe module.function [argument…]`."""

from __future__ import annotations

import gc
import json
import sys
import time
from importlib import import_module

import django

from benchmarks.measure import peak_mb


def main(work: str, *arguments: str) -> None:
    """Import, then time the call and print seconds and peak as JSON."""
    django.setup()
    module, _, function = work.rpartition(".")
    call = getattr(import_module(f"benchmarks.{module}"), function)
    gc.collect()
    started = time.perf_counter()
    answer = call(*arguments)
    seconds = time.perf_counter() - started
    print(json.dumps({"seconds": seconds, "peak": peak_mb(), "answer": answer if isinstance(answer, int) else None}))


if __name__ == "__main__":
    main(*sys.argv[1:])
