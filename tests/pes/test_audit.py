"""The trail: written by verbs, signed, sealed, protected, readable (DA4, DA5, AZ18)."""

import ast
import re
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from pes import access, audit, triggers
from pes.audit_labels import LABELS
from pes.audit_sentences import SENTENCES, changes, flat, sentence
from pes.models import AuditEvent, AuditSeal, Membership
from pes.permissions import Permission, Role
from tests import people
from tests.repository.tree import app_modules, read

pytestmark = pytest.mark.django_db


@pytest.fixture
def them():
    return people.cast()


def sealed_later() -> None:
    with time_machine.travel(timezone.now() + audit.SEAL_AFTER + timedelta(minutes=1)):
        audit.seal()


def forge(statement: str, *values) -> None:
    """Change the table as somebody with the database's own tools would."""
    triggers.lift(connection)
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
    finally:
        triggers.install(connection)


def kinds() -> list[str]:
    return [finding.kind for finding in audit.verify()]


def test_an_untouched_trail_verifies_before_and_after_its_seal(them):
    assert kinds() == []

    sealed_later()

    assert AuditSeal.objects.count() == 1
    assert kinds() == []


@pytest.mark.rule("DA5")
@pytest.mark.parametrize("column", ["verb", "reason", "object_id", "after", "actor_id", "at"])
def test_a_row_changed_by_hand_is_found(them, column):
    values = {"after": '{"x": 1}', "actor_id": them.oscar.pk, "at": "2020-01-01 00:00:00+00:00"}
    row = AuditEvent.objects.first()

    forge(f"UPDATE pes_auditevent SET {column} = %s WHERE id = %s", values.get(column, "otra"), row.pk)

    assert kinds() == ["changed"]


@pytest.mark.rule("DA5")
def test_a_row_removed_from_a_sealed_batch_is_found(them):
    sealed_later()

    forge("DELETE FROM pes_auditevent WHERE id = %s", AuditEvent.objects.order_by("pk")[2].pk)

    assert kinds() == ["missing_or_inserted"]


@pytest.mark.rule("DA5")
def test_a_seal_removed_breaks_the_chain(them):
    sealed_later()
    Membership.objects.first().end(on=timezone.localdate(), by=them.alicia, reason="x")
    sealed_later()

    forge("DELETE FROM pes_auditseal WHERE first = %s", AuditSeal.objects.order_by("first").first().first)

    assert "chain_broken" in kinds()


def test_an_event_signed_with_another_key_is_found(them, settings):
    settings.AUDIT_KEY = "otra llave que no es la de antes"

    assert set(kinds()) == {"changed"}


@pytest.mark.rule("DA5")
@pytest.mark.parametrize("table", ["pes_auditevent", "pes_auditseal"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_the_database_refuses_to_change_or_delete(them, table, statement):
    sealed_later()

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table))


def test_an_event_and_its_act_are_written_together_or_not_at_all(them):
    before = AuditEvent.objects.count()

    with transaction.atomic():
        Membership.objects.first().end(on=timezone.localdate(), by=them.alicia, reason="x")
        transaction.set_rollback(True)

    assert AuditEvent.objects.count() == before


# In Spanish --------------------------------------------------------------------------------------------------------


# Where the verb is an argument, its callers are looked at instead.
PASSED_ON = {"evaluation/changes.py", "evaluation/pes_workbook/ledger.py", "pes/accounts.py"}
RECORDERS = (["audit", "record"], ["ledger", "record"], ["_leave_one_session"])


# The name of a table of verbs: state machines record `TRACES[step]`, and the table's values are what they record.
TABLE_OF_VERBS = "TRACES"


def verbs_in(source: str) -> set[str]:
    """Verbs that a module records: the first argument, both ends of a choice, what a name is given, a table's values;
    what cannot be read is "?"."""
    tree = ast.parse(source)
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == TABLE_OF_VERBS:
            found |= {str(ast.literal_eval(value)) for value in node.value.values}
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "save_changes":
            found |= {str(ast.literal_eval(word.value)) for word in node.keywords if word.arg == "verb"}
        if not isinstance(node, ast.Call) or ast.unparse(node.func).split(".")[-2:] not in RECORDERS or not node.args:
            continue
        found |= _told(node.args[0], tree)
    return found


def _told(first: ast.expr, tree: ast.Module) -> set[str]:
    if isinstance(first, ast.IfExp):
        return _told(first.body, tree) | _told(first.orelse, tree)
    if isinstance(first, ast.Constant):
        return {str(first.value)}
    if isinstance(first, ast.Subscript) and ast.unparse(first.value) == TABLE_OF_VERBS:
        return set()  # its values are found where the table is
    if isinstance(first, ast.Name):
        given = [node for node in ast.walk(tree) if isinstance(node, ast.Assign) and _names(node) == [first.id]]
        return set().union(*(_told(node.value, tree) for node in given)) if given else {"?"}
    return {"?"}


def _names(node: ast.Assign) -> list[str]:
    return [ast.unparse(target) for target in node.targets]


def recorded_verbs() -> set[str]:
    texts = {path.as_posix(): verbs_in(read(path)) for path in app_modules()}
    return set().union(*(found - {"?"} if path in PASSED_ON else found for path, found in texts.items()))


def test_every_verb_that_the_code_records_has_its_sentence():
    assert recorded_verbs() - set(SENTENCES) == set()


def test_every_sentence_is_of_a_verb_that_the_code_records():
    assert set(SENTENCES) - recorded_verbs() == set()


def test_a_verb_without_sentence_would_be_found():
    assert verbs_in('audit.record("eaten", cake, by=me)') == {"eaten"}
    assert verbs_in('verb = "eaten" if hungry else "kept"\naudit.record(verb, cake, by=me)') == {"eaten", "kept"}
    assert verbs_in('TRACES = {"eat": "eaten"}\naudit.record(TRACES[verb], cake, by=me)') == {"eaten"}
    assert verbs_in("audit.record(verb, cake, by=me)") == {"?"}
    assert verbs_in('self.ledger.record("a" if x else "b", y)') == {"a", "b"}
    assert verbs_in('audit.record(f"cake_{what}", cake)') == {"?"}


def test_sentences_read_on_after_a_name():
    assert [s for s in SENTENCES.values() if not re.fullmatch(r"[a-záéíóú][^.]*", s)] == []
    assert sentence("something_new") == "something new"


def test_what_changed_is_told_in_spanish():
    before = {
        "user": 7,
        "role": "jefe_oap",
        "is_active": True,
        "ends_on": None,
        "unit": "AL-01",
        "weights": {"321": "50.00"},
    }
    after = {
        "user": 7,
        "role": "jefe_oap",
        "is_active": False,
        "ends_on": "2026-06-30",
        "unit": "AL-01",
        "weights": {"321": "60.00"},
    }

    assert changes(before, after, {"7": "Ana"}) == [
        ("Activa", "Sí", "No"),
        ("Hasta", "–", "30 de junio de 2026"),
        ("Ponderaciones · 321", "50.00", "60.00"),
    ]
    assert ("Persona", "–", "Ana") in changes(None, after, {"7": "Ana"})
    assert ("Rol", "–", "Jefe(a) OAP") in changes(None, after)


def test_nested_facts_become_one_level():
    assert flat({"a": {"b": {"c": 1}}, "d": [1, 2]}) == {"a.b.c": 1, "d": [1, 2]}
    assert changes({"x": [1, 2]}, {"x": []}) == [("X", "1, 2", "–")]


def test_labels_are_words():
    assert all(label[0].isupper() for label in LABELS.values())


# The browser -------------------------------------------------------------------------------------------------------


@pytest.fixture
def oci(them):
    client = Client()
    client.force_login(them.olga)
    return client


def shown(client, query: str = "") -> list[dict]:
    return client.get(f"{reverse('administration:audit')}?{query}").context["rows"]


def test_control_interno_reads_the_trail_newest_first(them, oci):
    Membership.objects.get(user=them.luis).end(on=timezone.localdate(), by=them.alicia, reason="Se fue")

    newest = shown(oci)[0]

    assert (newest["who"], newest["what"], newest["reason"]) == ("Alicia Administradora", "terminó un rol", "Se fue")
    assert newest["object"] == "Vinculación de Luis Líder"
    assert [row[0] for row in newest["changes"]] == ["Hasta"]


def test_the_trail_is_filtered_by_person_verb_object_and_dates(them, oci):
    membership = Membership.objects.get(user=them.luis)
    membership.end(on=timezone.localdate(), by=them.alicia, reason="Se fue")
    today, tomorrow = timezone.localdate(), timezone.localdate() + timedelta(days=1)

    assert len(shown(oci, "quien=alicia")) == 1
    assert len(shown(oci, "verbo=membership_ended")) == 1
    assert len(shown(oci, f"objeto=pes.membership&numero={membership.pk}")) == 2
    assert shown(oci, "objeto=pes.user") == []
    assert len(shown(oci, f"desde={today}&hasta={today}")) == AuditEvent.objects.count()
    assert shown(oci, f"desde={tomorrow}") == []


@pytest.mark.parametrize(
    "query", ["desde=31/12/2026", "hasta=2026-02-31", "numero='", "pagina=x", "pagina=99999", "objeto=x", "verbo=%27"]
)
def test_a_filter_that_means_nothing_is_no_failure(oci, query):
    assert oci.get(f"{reverse('administration:audit')}?{query}").status_code == 200


def test_a_page_of_the_trail_costs_the_same_at_any_size(them, oci, django_assert_num_queries):
    address = reverse("administration:audit")
    oci.get(address)
    with CaptureQueriesContext(connection) as few:
        oci.get(address)
    first = timezone.localdate()
    for number in range(60):
        Membership.grant(
            user=them.luis, unit=them.head, role=Role.EQUIPO, starts_on=first + timedelta(days=number), by=them.alicia
        )

    with django_assert_num_queries(len(few)):
        oci.get(address)


def test_the_button_says_whether_the_trail_is_whole(them, oci):
    whole = oci.get(reverse("administration:audit-verification")).content.decode()
    forge("UPDATE pes_auditevent SET reason = 'otra' WHERE id = %s", AuditEvent.objects.first().pk)

    altered = oci.get(reverse("administration:audit-verification")).content.decode()

    assert "está completa" in whole
    assert "fue alterada" in altered


@pytest.mark.rule("AZ18")
def test_control_interno_writes_nothing(them, oci):
    before = AuditEvent.objects.count()

    for name in ("audit", "audit-verification"):
        assert oci.get(reverse(f"administration:{name}")).status_code == 200
        assert oci.post(reverse(f"administration:{name}")).status_code == 405

    assert AuditEvent.objects.count() == before
    reading = {Permission.PES_READ, Permission.PLAN_READ, Permission.AUDIT_READ, Permission.TERRITORY_READ}
    written = set(Permission) - reading
    assert not access.holds_any(them.olga, written)


def test_who_may_not_read_the_trail_is_refused_and_that_is_in_the_trail(them):
    client = Client()
    client.force_login(them.luis)

    assert client.get(reverse("administration:audit")).status_code == 403

    event = AuditEvent.objects.get(verb="access_denied")
    assert event.actor == them.luis
    assert event.after == {"method": "GET", "path": "/administracion/bitacora/", "status": 403}


def test_demand_and_trail_name_people_by_id_never_by_name(them):
    with pytest.raises(PermissionDenied):
        access.demand(them.luis, Permission.WEIGHTS_LOCK, them.sector)

    texts = str(list(AuditEvent.objects.values_list("before", "after", "reason")))
    assert "Luis" not in texts
