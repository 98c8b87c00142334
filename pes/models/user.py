"""People, and the service identity of the command line, which is nobody's."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models

CONSOLE_EMAIL = "consola@servicio.invalid"


class UserManager(BaseUserManager["User"]):
    """Creates people by e-mail address."""

    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Create a person; without a password nobody can log in until an invitation is accepted."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Create a superuser: it may repair data from the shell and has no business approvals."""
        return self.create_user(email, password, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        """E-mail addresses are compared without case."""
        return self.get(email__iexact=username)

    def console(self) -> User:
        """The identity of the command line: it may enter data and never approve."""
        user, _ = self.get_or_create(
            email=CONSOLE_EMAIL, defaults={"full_name": "Consola", "is_service": True, "password": "!"}
        )
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """A person who works with the plan, known by an e-mail address."""

    email = models.EmailField("correo electrónico", unique=True)
    full_name = models.CharField("nombre completo", max_length=200)
    is_active = models.BooleanField("activa", default=True)
    is_service = models.BooleanField("identidad de servicio", default=False)
    joined_at = models.DateTimeField("creada", auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    class Meta:
        verbose_name = "persona"
        verbose_name_plural = "personas"
        ordering = ("email",)

    def __str__(self) -> str:
        return self.full_name or self.email

    @property
    def initials(self) -> str:
        """Two letters for the avatar."""
        words = (self.full_name or self.email).split()
        return "".join(word[0] for word in (words[0], words[-1]) if word).upper()[: 2 if len(words) > 1 else 1]
