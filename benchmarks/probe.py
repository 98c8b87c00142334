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
    call(*arguments)
    print(json.dumps({"seconds": time.perf_counter() - started, "peak": peak_mb()}))


if __name__ == "__main__":
    main(*sys.argv[1:])
