"""The page that is shown on screen has a digest too."""

from typing import ClassVar

from django.db import migrations, models

from pes.triggers import protect


class Migration(migrations.Migration):
    dependencies: ClassVar = [("evaluation", "0004_know_who_edited_the_weights")]
    operations: ClassVar = [
        migrations.AddField(
            model_name="issuedreport",
            name="html_sha256",
            field=models.CharField(default="", max_length=64, verbose_name="SHA-256 del HTML"),
        ),
        migrations.AddField(
            model_name="reportdraft",
            name="html_sha256",
            field=models.CharField(default="", max_length=64, verbose_name="SHA-256 del HTML"),
        ),
        protect("evaluation", "IssuedReport"),  # SQLite builds the table anew to add a column, without its triggers
    ]
