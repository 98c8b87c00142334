"""Evidence is never replaced, only followed."""

from typing import ClassVar

from django.db import migrations

from pes.triggers import protect


class Migration(migrations.Migration):
    dependencies: ClassVar = [("tracking", "0001_initial")]
    operations: ClassVar = [protect("tracking", "Evidence")]
