"""A person who asks until there is an answer, with the verbs of `product` or of `plain`.

Each line read is a batch of requests, [[verb, …arguments], …]; each line written is one that was answered.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from importlib import import_module

PAUSE_SECONDS = 0.02


def main(side: str) -> None:
    """Serve until the input ends."""
    module = import_module(f"tests.faults.{side}")
    for line in sys.stdin:
        for request in json.loads(line):
            verb, *arguments = request
            _insist(module.VERBS[verb], arguments, module.UNAVAILABLE)
            sys.stdout.write(json.dumps(request) + "\n")
            sys.stdout.flush()
            time.sleep(PAUSE_SECONDS)


def _insist(ask: Callable[..., None], arguments: list[object], unavailable: tuple[type[Exception], ...]) -> None:
    while True:
        try:
            return ask(*arguments)
        except unavailable:
            time.sleep(PAUSE_SECONDS)
