"""The product's settings, with one more page: the bare one that the dashboard is measured against."""

from pes.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.urls"
