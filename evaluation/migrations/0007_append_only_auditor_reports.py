"""Issued documents, their publication and the columns they had are never changed."""

from typing import ClassVar

from django.db import migrations

from pes.triggers import protect

TABLES = ("AuditorColumns", "AuditorPublication", "AuditorReport")


class Migration(migrations.Migration):
    dependencies: ClassVar = [("evaluation", "0006_auditor_reports")]
    operations: ClassVar = [protect("evaluation", *TABLES)]
