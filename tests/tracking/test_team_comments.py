"""What a team says among itself about a goal: only added to, and read by nobody else."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from pes.models import AuditEvent
from pes.rules.problems import Refused
from tests.answers import codes, page_of
from tests.tracking.report_world import AMOUNT, CENTRAL, report_world, row_of
from tracking.comments import COMMENT_LIMIT, comment, comments_of
from tracking.models import TeamComment

pytestmark = pytest.mark.django_db
SECRET = "Ojo: falta el soporte de marzo"


@pytest.mark.rule("AZ11", "AZ1", "AZ2", "AZ10")
def test_a_comment_stays_in_the_team() -> None:
    ours = report_world()
    them, row = ours.them, row_of(ours.report, AMOUNT)
    address = ours.report.url("comment-add", AMOUNT)

    browsers = {one: page_of(one) for one in (them.pilar, them.ana, ours.raul, them.oscar)}

    answer = browsers[them.pilar].post(address, {"text": f"  {SECRET}\r\n", "by": "1"}, follow=True)

    said = TeamComment.objects.get()
    assert (said.text, said.by, said.entry) == (SECRET, them.pilar, row)
    assert "Comentario agregado" in answer.content.decode()
    assert SECRET in page_of(them.luis).get(ours.report.get_absolute_url()).content.decode()
    for reader in (them.ana, ours.raul):
        assert SECRET not in browsers[reader].get(ours.report.get_absolute_url()).content.decode()
    for reader in (them.ana, them.jorge, them.diana, them.olga, ours.raul):
        assert comments_of(ours.report, by=reader) == {}
    for person, status in ((them.ana, 403), (ours.raul, 403), (them.oscar, 404)):
        assert browsers[person].post(address, {"text": "No"}).status_code == status
    assert browsers[them.pilar].post(ours.report.url("comment-add", 99), {"text": "No"}).status_code == 404
    assert TeamComment.objects.count() == 1


def test_a_comment_says_something_short_and_leaves_its_trace() -> None:
    ours = report_world()
    row = row_of(ours.report, CENTRAL)
    for text, code in ((" \u200b ", "comment_empty"), ("x" * (COMMENT_LIMIT + 1), "comment_too_long")):
        with pytest.raises(Refused) as refused:
            comment(row, text, by=ours.them.pilar)
        assert codes(refused) == [code]
    with pytest.raises(PermissionDenied):
        comment(row, SECRET, by=ours.them.ana)

    comment(row, SECRET, by=ours.them.luis)

    assert AuditEvent.objects.get(verb="team_commented").actor == ours.them.luis
