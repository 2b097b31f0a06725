"""Sessions in the database, bounded by the clock on both sides."""

from datetime import timedelta

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

# A clock that is set back by an hour or two signs nobody out: their sessions last so much longer.
LEEWAY = timedelta(days=1)


class SessionStore(db.SessionStore):
    """Django's own, but for a session that would end much later than any that begins now: a clock
    that was wrong made it, and it would open the door for as long as the clock was wrong.
    """

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """The table of sessions, which is Django's."""
        return Session

    def _get_session_from_db(self) -> Session | None:
        # Not told of by the stubs.
        session: Session | None = super()._get_session_from_db()  # type: ignore[misc]
        latest = timezone.now() + timedelta(seconds=self.get_session_cookie_age()) + LEEWAY
        if session is not None and session.expire_date > latest:
            self._session_key = None
            return None
        return session
