"""Snapshots, issued reports and publications never change."""

from typing import ClassVar

from django.db import migrations

from pes.triggers import protect


class Migration(migrations.Migration):
    dependencies: ClassVar = [("evaluation", "0002_reports_and_weights")]
    operations: ClassVar = [
        protect("evaluation", "Snapshot"),
        protect("evaluation", "IssuedReport"),
        protect("evaluation", "ReportPublication"),
    ]
