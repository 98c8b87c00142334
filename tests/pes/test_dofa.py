"""A DOFA board filled, grouped, voted and closed by the people of a sector (LC-04)."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Max

from pes import registry
from pes.edits import fingerprint
from pes.models import AuditEvent, DofaBoard, DofaNote, DofaVote, Membership
from pes.participation.boards import BoardFacts, board_facts, correct_board, move_board, open_board, voices
from pes.participation.dofa_files import html_of_sheet, sheet_of
from pes.participation.dofa_page import summary
from pes.participation.notes import (
    add_group,
    add_note,
    correct_note,
    dissolve_group,
    give_vote,
    move_notes,
    rename_group,
    take_vote,
    withdraw_note,
)
from pes.participation.picture import picture_of
from pes.permissions import Role
from pes.rules.problems import Refused
from tests import make
from tests.answers import codes
from tests.people import Cast, cast

pytestmark = [pytest.mark.django_db, pytest.mark.rule("LC-04")]
SAID = BoardFacts("DOFA del sector", date(2022, 3, 1), "¿Qué tenemos y qué nos falta?", votes_each=2)


@pytest.fixture
def them() -> Cast:
    return cast()


@pytest.fixture
def board(them: Cast) -> DofaBoard:
    return open_board(make.plan(sector=them.sector), SAID, by=them.ana)


def filled(board: DofaBoard, them: Cast) -> list[DofaNote]:
    """A note in each quadrant, by people of different units."""
    said = ((them.luis, "fortaleza"), (them.elena, "oportunidad"), (them.pilar, "debilidad"), (them.diana, "amenaza"))
    return [add_note(board, quadrant=quadrant, text=f"Idea {quadrant}", by=who) for who, quadrant in said]


def test_a_note_speaks_for_the_entity_of_its_author_and_the_picture_never_for_the_author(board, them: Cast) -> None:
    filled(board, them)

    picture = picture_of(board)
    assert (picture.entities, picture.has_sector) == (("SG",), True)
    assert "Luis" not in repr(picture)
    assert [quadrant.notes for quadrant in picture.quadrants] == [1, 1, 1, 1]


def test_the_sectors_own_voice_is_no_entity(board, them: Cast) -> None:
    said = [summary(board, picture_of(board))]
    for author in (them.ana, them.luis, them.elena):  # the office of the sector, then two people of one entity
        add_note(board, quadrant="fortaleza", text=f"Idea de {author}", by=author)
        said.append(summary(board, picture_of(board)))

    assert said == [
        "Todavía no hay notas",
        "1 nota del sector",
        "2 notas de 1 entidad y del sector",
        "3 notas de 1 entidad y del sector",
    ]
    assert picture_of(board).quadrants[0].items[0].notes[0].entity == "Sector Gestión Pública"
    paper = html_of_sheet(sheet_of(board))
    assert "<dt>Entidades que participaron.</dt> <dd>SG</dd>" in paper
    assert "En nombre del sector Gestión Pública" in paper
    assert "0 votos de 0 personas (2 por persona, uno por idea)" in paper


def test_people_of_other_sectors_and_readers_do_not_write(board, them: Cast) -> None:
    for stranger in (them.oscar, them.olga, them.gabriel):
        with pytest.raises(PermissionDenied):
            add_note(board, quadrant="fortaleza", text="Idea", by=stranger)
    with pytest.raises(PermissionDenied):
        open_board(board.plan, SAID, by=them.luis)


def test_a_person_of_several_entities_says_for_which_one_they_speak(board, them: Cast) -> None:
    Membership.grant(
        user=them.elena, unit=them.second_entity, role=Role.ENLACE_ENTIDAD, starts_on=date(2020, 1, 1), by=None
    )

    assert [unit.code for unit in voices(them.elena, board.plan)] == ["dascd", "secretaria-general"]
    note = add_note(board, quadrant="fortaleza", text="Idea", by=them.elena, unit="secretaria-general")
    assert note.unit == them.head


def test_the_same_words_twice_are_one_note(board, them: Cast) -> None:
    first = add_note(board, quadrant="fortaleza", text="Equipo  formado", by=them.luis)
    again = add_note(board, quadrant="fortaleza", text="Equipo formado ", by=them.luis)

    assert (first, board.notes.count()) == (again, 1)


def test_a_note_is_corrected_and_withdrawn_only_by_who_wrote_it(board, them: Cast) -> None:
    note = add_note(board, quadrant="fortaleza", text="Equipo", by=them.luis)

    with pytest.raises(Refused) as refused:
        correct_note(note, text="Otra cosa", by=them.pilar)
    assert codes(refused) == ["note_of_another"]
    with pytest.raises(Refused):
        withdraw_note(note, by=them.ana)
    assert correct_note(note, text="Equipo formado", by=them.luis)
    withdraw_note(note, by=them.luis)
    withdraw_note(note, by=them.luis)
    assert picture_of(board).notes == 0
    assert AuditEvent.objects.filter(verb="dofa_note_withdrawn").count() == 1


def test_notes_are_grouped_by_who_facilitates_and_return_when_a_group_is_undone(board, them: Cast) -> None:
    one, other, *_ = filled(board, them)
    move_board(board, "group", by=them.ana)
    group = add_group(board, quadrant="fortaleza", name="Talento", by=them.ana)
    assert add_group(board, quadrant="fortaleza", name="Talento", by=them.ana) == group

    with pytest.raises(PermissionDenied):
        move_notes(board, notes=[one.pk], group=group, quadrant="fortaleza", by=them.luis)
    with pytest.raises(Refused) as refused:
        move_notes(board, notes=[one.pk, other.pk], group=group, quadrant="fortaleza", by=them.ana)
    assert codes(refused) == ["note_elsewhere"]
    assert move_notes(board, notes=[one.pk], group=group, quadrant="fortaleza", by=them.ana) == 1
    assert move_notes(board, notes=[one.pk], group=group, quadrant="fortaleza", by=them.ana) == 0
    rename_group(group, name="Talento humano", by=them.ana)
    assert picture_of(board).quadrants[0].items[0].title == "Talento humano"
    dissolve_group(group, by=them.ana)
    assert picture_of(board).quadrants[0].items[0].title == "Idea fortaleza"


def test_nobody_has_more_votes_than_the_board_gives_even_past_the_verb(board, them: Cast) -> None:
    one, two, three, _ = filled(board, them)
    move_board(board, "group", by=them.ana)
    move_board(board, "call_vote", by=them.ana)
    give_vote(board, note=one, by=them.luis)

    with pytest.raises(Refused) as refused:
        give_vote(board, note=one, by=them.luis)
    assert codes(refused) == ["voted_already"]
    give_vote(board, note=two, by=them.luis)
    with pytest.raises(Refused) as refused:
        give_vote(board, note=three, by=them.luis)
    assert codes(refused) == ["no_votes_left"]
    for number in (1, 3):
        with pytest.raises(IntegrityError), transaction.atomic():
            DofaVote.objects.create(board=board, person=them.luis, number=number, allowed=2, note=three)


def test_a_vote_is_taken_back_while_the_vote_is_open_and_given_again(board, them: Cast) -> None:
    one, two, *_ = filled(board, them)
    move_board(board, "group", by=them.ana)
    move_board(board, "call_vote", by=them.ana)
    give_vote(board, note=one, by=them.luis)
    give_vote(board, note=two, by=them.luis)

    assert take_vote(board, note=one, by=them.luis)
    assert not take_vote(board, note=one, by=them.luis)
    assert give_vote(board, note=one, by=them.luis).number == 1
    move_board(board, "close", by=them.ana)
    with pytest.raises(Refused):
        take_vote(board, note=one, by=them.luis)
    assert picture_of(board).votes == 2


def test_votes_add_up_on_one_idea_only_where_the_board_says_so(them: Cast) -> None:
    said = BoardFacts("Con suma", date(2022, 3, 1), votes_each=3, may_repeat=True)
    board = open_board(make.plan(sector=them.sector), said, by=them.ana)
    one, two = filled(board, them)[:2]
    move_board(board, "group", by=them.ana)
    move_board(board, "call_vote", by=them.ana)

    for note in (two, two, one):
        give_vote(board, note=note, by=them.luis)
    move_board(board, "close", by=them.ana)
    assert {item.title: item.votes for quadrant in picture_of(board).quadrants for item in quadrant.items} == {
        "Idea fortaleza": 1, "Idea oportunidad": 2, "Idea debilidad": 0, "Idea amenaza": 0,
    }  # fmt: skip


def test_the_most_voted_goes_first_once_the_board_is_closed(board, them: Cast) -> None:
    for text in ("Primera", "Segunda"):
        last = add_note(board, quadrant="fortaleza", text=text, by=them.luis)
    move_board(board, "group", by=them.ana)
    move_board(board, "call_vote", by=them.ana)
    give_vote(board, note=last, by=them.luis)

    def order() -> list[str]:
        return [item.title for item in picture_of(DofaBoard.objects.get()).quadrants[0].items]

    assert order() == ["Primera", "Segunda"]
    move_board(board, "close", by=them.ana)
    assert order() == ["Segunda", "Primera"]


def test_a_note_in_a_group_is_voted_with_its_group(board, them: Cast) -> None:
    one, *_ = filled(board, them)
    move_board(board, "group", by=them.ana)
    group = add_group(board, quadrant="fortaleza", name="Talento", by=them.ana)
    empty = add_group(board, quadrant="amenaza", name="Sin notas", by=them.ana)
    move_notes(board, notes=[one.pk], group=group, quadrant="fortaleza", by=them.ana)
    move_board(board, "call_vote", by=them.ana)

    assert not board.groups.filter(pk=empty.pk).exists()
    with pytest.raises(Refused) as refused:
        give_vote(board, note=one, by=them.luis)
    assert codes(refused) == ["not_a_candidate"]
    give_vote(board, group=group, by=them.luis)
    with pytest.raises(Refused) as refused:
        move_board(board, "group_again", by=them.ana)
    assert codes(refused) == ["votes_were_cast"]


def test_the_trail_keeps_that_somebody_voted_and_never_for_what(board, them: Cast) -> None:
    one, *_ = filled(board, them)
    move_board(board, "group", by=them.ana)
    move_board(board, "call_vote", by=them.ana)
    give_vote(board, note=one, by=them.luis)

    event = AuditEvent.objects.get(verb="dofa_voted")
    assert (event.actor, event.object_id, event.after) == (them.luis, str(board.pk), {"number": 1})


def test_the_gate_asks_for_a_closed_board_with_four_quadrants(board, them: Cast) -> None:
    def fact():
        return next(fact for fact in registry.collect("gate_facts", board.plan) if fact.code == "dofa_four_quadrants")

    add_note(board, quadrant="fortaleza", text="Idea", by=them.luis)
    assert fact().missing == "El taller «DOFA del sector» no se ha cerrado."
    for verb in ("group", "call_vote", "close"):
        move_board(board, verb, by=them.ana)
    assert fact().missing == (
        "El taller DOFA quedó sin notas en Oportunidades, Debilidades y Amenazas: haga otro que los llene."
    )
    other = open_board(board.plan, BoardFacts("Otro", date(2022, 4, 1)), by=them.ana)
    filled(other, them)
    for verb in ("group", "call_vote", "close"):
        move_board(other, verb, by=them.ana)
    assert fact().is_met


def test_two_facilitators_do_not_overwrite_each_other_nor_change_announced_votes(board, them: Cast) -> None:
    read = fingerprint(board_facts(board))
    assert correct_board(board, BoardFacts("DOFA 2022", SAID.held_on, votes_each=2), read=read, by=them.ana)

    with pytest.raises(Refused) as refused:
        correct_board(board, SAID, read=read, by=them.jorge)
    assert codes(refused) == ["stale_edit"]
    add_note(board, quadrant="fortaleza", text="Idea", by=them.luis)
    move_board(board, "group", by=them.ana)
    move_board(board, "call_vote", by=them.ana)
    board.refresh_from_db()
    with pytest.raises(Refused) as refused:
        correct_board(
            board,
            BoardFacts("DOFA 2022", SAID.held_on, votes_each=5),
            read=fingerprint(board_facts(board)),
            by=them.ana,
        )
    assert codes(refused) == ["votes_announced"]
    assert DofaBoard.objects.aggregate(most=Max("votes_each"))["most"] == 2
