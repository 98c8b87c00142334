"""Open the door of an empty installation: the first administrator, by a link that works once."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from django.core.validators import EmailValidator, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from pes import audit, commands, invitations
from pes.models import Membership, User
from pes.organization_data import district
from pes.permissions import Role


class Command(commands.Command):
    help = "Crea el primer administrador y muestra el enlace con el que elige su contraseña."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("email", metavar="CORREO")
        parser.add_argument("--name", required=True, metavar="NOMBRE", help="nombre completo")
        base = settings.PES_BASE_URL or "http://127.0.0.1:8000"
        parser.add_argument("--base-url", default=base, metavar="URL", help=f"dirección del sitio ({base})")

    def handle(self, *args: Any, email: str, name: str, base_url: str, format: str, **options: Any) -> None:
        try:
            EmailValidator()(email)
        except ValidationError:
            self.misused(format, f"«{email}» no es un correo.", code="email_not_valid", found=email)
        person = User.objects.filter(email__iexact=email).first()
        if self._others(email) or (person and person.has_usable_password()):
            message = "Ya hay quien administre; las demás personas se invitan en Administración."
            self.refuse(format, message, code="administrator_exists", found=email)
        person = self._administrator(person, email, name)
        path = reverse("administration:invitation", args=[invitations.token_for(person)])
        url = f"{base_url.rstrip('/')}{path}"
        if format == "json":
            self.say({"email": person.email, "url": url, "days": invitations.VALID_FOR.days})
        else:
            self.stdout.write(
                f"Enlace de {person.email}, válido {invitations.VALID_FOR.days} días y una sola vez:\n{url}"
            )

    def _others(self, email: str) -> bool:
        """Whether somebody else already administers; asking again for the same person renews the link."""
        admins = Membership.objects.filter(role=Role.ADMINISTRADOR, user__is_active=True)
        return admins.exclude(user__email__iexact=email).exists()

    @transaction.atomic
    def _administrator(self, person: User | None, email: str, name: str) -> User:
        """The person, with an account and the role on the whole district."""
        console = User.objects.console()
        if person is None:
            person = User.objects.create_user(email, full_name=name)
            audit.record("person_invited", person, by=console, after={"email": person.email, "full_name": name})
        if not person.memberships.filter(role=Role.ADMINISTRADOR).exists():
            unit, today = district(by=console), timezone.localdate()
            Membership.grant(user=person, unit=unit, role=Role.ADMINISTRADOR, starts_on=today, by=console)
        return person
