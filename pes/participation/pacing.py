"""How fast one network may answer a survey: an office or a school behind one address may, a flood may not.

No address is kept. What goes to the cache is a count under a digest of it, keyed with the site's secret and the day:
tomorrow it cannot be linked, and today it cannot be turned back without the secret.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from pes.rules.surveys import Pace

PACE = Pace()
MINUTE, HOUR, DAY = 60, 3_600, 86_400


@dataclass(frozen=True, slots=True)
class Network:
    """Who sends, as the counts know it: a survey and a digest that changes every day."""

    survey: int
    digest: str

    @classmethod
    def of(cls, survey: int, sender: str) -> Network:
        """The network of an address (see `pes.senders`) that looks at a survey today."""
        said = f"survey-network:{survey}:{timezone.localdate():%Y%m%d}:{sender}".encode()
        return cls(survey, hmac.new(settings.SECRET_KEY.encode(), said, hashlib.sha256).hexdigest()[:32])

    def wait(self) -> int:
        """Count a form that it asks for; the seconds that must pass before that form may be sent."""
        return PACE.wait(_count(f"asked:{self.digest}", MINUTE))

    def may_answer(self) -> bool:
        """Count an answer of this network, and of everybody; False when it is one too many for now."""
        limits = ((MINUTE, PACE.a_minute), (HOUR, PACE.an_hour), (DAY, PACE.a_day))
        if any(_count(f"said:{self.digest}:{span}", span) > most for span, most in limits):
            return False
        return _count(f"said:everybody:{self.survey}", MINUTE) <= PACE.everybody_a_minute


def _count(name: str, span: int) -> int:
    """Add one to a count of this span of time (seconds) and read it; it is forgotten when the span ends."""
    key = f"survey:{name}:{int(timezone.now().timestamp()) // span}"
    cache.add(key, 0, span)
    try:
        found = cache.incr(key)
        cache.touch(key, span)  # the database cache forgets in five minutes what was not told otherwise
        return found
    except ValueError:  # it was forgotten in between: the span has just ended
        return 1
