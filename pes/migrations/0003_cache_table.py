"""The table of the database cache, used where no CACHE_URL is set."""

from typing import Any, ClassVar

from django.core.management import call_command
from django.db import migrations


def create(state: Any, schema_editor: Any) -> None:
    """Create the table unless another cache serves."""
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("pes", "0002_append_only_audit")]
    operations: ClassVar = [migrations.RunPython(create, migrations.RunPython.noop)]
