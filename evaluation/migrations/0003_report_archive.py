"""A report with too many rows for one document is also a ZIP, with its own digest."""

from typing import ClassVar

from django.db import migrations, models

from pes.triggers import protect


class Migration(migrations.Migration):
    dependencies: ClassVar = [("evaluation", "0002_append_only_records")]
    operations: ClassVar = [
        migrations.AddField(
            model_name="issuedreport",
            name="zip_sha256",
            field=models.CharField(blank=True, default="", max_length=64, verbose_name="SHA-256 del ZIP"),
        ),
        migrations.AddField(
            model_name="reportdraft",
            name="zip_sha256",
            field=models.CharField(blank=True, default="", max_length=64, verbose_name="SHA-256 del ZIP"),
        ),
        protect("evaluation", "IssuedReport"),  # SQLite builds the table anew to add a column, without its triggers
    ]
