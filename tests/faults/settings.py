"""The product's settings, with the one kind of work that only the fault tests know."""

from pes.settings import *  # noqa: F403
from pes.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.faults.apps.Faults"]
