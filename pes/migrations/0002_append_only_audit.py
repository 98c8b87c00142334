"""Audit rows are written once: triggers refuse UPDATE, DELETE and TRUNCATE."""

from typing import ClassVar

from django.db import migrations

from pes.triggers import protect


class Migration(migrations.Migration):
    dependencies: ClassVar = [("pes", "0001_initial")]
    operations: ClassVar = [protect("pes", "AuditEvent"), protect("pes", "AuditSeal")]
