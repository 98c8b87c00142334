"""What was decided, said, voted, sealed and kept of a PES is only added to."""

from typing import ClassVar

from django.db import migrations

from pes.triggers import protect

TABLES = (
    "ActivityReport",
    "Adoption",
    "CommentTurn",
    "CommitmentNote",
    "CommitteeSession",
    "EntityDecision",
    "EntityObservation",
    "EntityObservationTurn",
    "EntityReading",
    "Graduation",
    "MeetingFile",
    "MinuteAddendum",
    "PesVersion",
    "PublicationLink",
    "StoredFile",
    "SurveyChoice",
    "SurveyResponse",
    "VersionFiles",
)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("pes", "0007_six_phases")]
    operations: ClassVar = [protect("pes", *TABLES)]
