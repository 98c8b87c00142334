"""Part of the fault tests in a process of its own, with the site's models: `python -m tests.faults.process module …`."""

from __future__ import annotations

import sys
from importlib import import_module

import django

if __name__ == "__main__":
    django.setup()
    import_module(f"tests.faults.{sys.argv[1]}").main(*sys.argv[2:])
