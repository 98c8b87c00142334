"""Invitations: the only way in. A signed link, valid seven days and once, over the person and the password they lack."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core import signing
from django.core.mail import send_mail
from django.db import transaction
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from pes import audit
from pes.models import User

VALID_FOR = timedelta(days=7)
_SALT = "pes.invitations"


def token_for(person: User) -> str:
    """The link's token; it dies when the person sets a password or is invited again."""
    return signing.dumps([person.pk, _fingerprint(person)], salt=_SALT)


def person_of(token: str) -> User | None:
    """Who a token invites; None when it is forged, too old, used, replaced, or the account is not active."""
    try:
        pk, fingerprint = signing.loads(token, salt=_SALT, max_age=VALID_FOR)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    person = User.objects.filter(pk=pk, is_active=True, is_service=False).first()
    if person is None or person.has_usable_password():
        return None
    return person if constant_time_compare(fingerprint, _fingerprint(person)) else None


@transaction.atomic
def accept(token: str, password: str) -> User | None:
    """Set the person's first password; None when the token is no longer good. Raises ValidationError for a weak one."""
    found = person_of(token)
    if found is None:
        return None
    person = User.objects.select_for_update().get(pk=found.pk)
    if person_of(token) is None:  # somebody else used it while this one waited for the row
        return None
    validate_password(password, person)
    person.set_password(password)
    person.save(update_fields=["password"])
    audit.record("invitation_accepted", person, by=person)
    return person


def renew(person: User) -> None:
    """Make every earlier link of this person useless."""
    person.set_unusable_password()
    person.save(update_fields=["password"])


def send(person: User, *, request: HttpRequest) -> None:
    """Write to the person; raises what the mail server raises."""
    context = {
        "person": person,
        "url": absolute(request, reverse("administration:invitation", args=[token_for(person)])),
        "days": VALID_FOR.days,
        "institution": settings.PES_INSTITUTION,
    }
    subject = f"{settings.ACCOUNT_EMAIL_SUBJECT_PREFIX}Invitación a la planeación estratégica sectorial"
    send_mail(subject, render_to_string("emails/invitation.txt", context), None, [person.email])


def absolute(request: HttpRequest, path: str) -> str:
    """A link for an e-mail: on the configured address; the Host header serves only where none is configured (AU10)."""
    return f"{settings.PES_BASE_URL.rstrip('/')}{path}" if settings.PES_BASE_URL else request.build_absolute_uri(path)


def _fingerprint(person: User) -> str:
    return salted_hmac(_SALT, f"{person.email}|{person.password}").hexdigest()[:32]
