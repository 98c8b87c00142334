#!/usr/bin/env python
"""The command line of PES."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pes.settings")
    if sys.argv[1:2] == ["demo"]:
        os.environ.setdefault("PES_DEMO", "1")  # before the settings are read: one-click login belongs to it
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
