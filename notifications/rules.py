"""The words of a message: names in braces stand for facts, and nothing else can be filled in."""

import re

from core.workflow import NotAllowed
from notifications.models import RegisteredRecipient

# What a message may say. Reasons, evidence and concerns are exempt (Local Government Act 1972,
# Schedule 12A), so that no name leads to them, whatever words the council writes.
FACTS = {
    "recipient": "who is notified",
    "council": "the council’s name",
    "service": "the service",
    "scope": "the service, and the part of it that is suspended",
    "provider": "the provider",
    "kind": "full, partial or voluntary",
    "limit": "the limit of a partial suspension",
    "from": "the first day in force",
    "lifted": "the day of the lift, or of another end",
    "closed": "the day on which the service closed",
    "changed": "what changed, and from when",
    "contact": "who to ask, with telephone number and email address",
}
_NAME = re.compile(r"\{([^{}]*)\}")


def check_words(text: str, field: str = "") -> None:
    """Whether these words can be a message: each name in braces stands for a fact, and no brace
    stands alone.

    Raises `NotAllowed`: `unknown-fact`, `lone-brace`.
    """
    for name in _NAME.findall(text):
        if name not in FACTS:
            facts = ", ".join(f"{{{fact}}}" for fact in FACTS)
            raise NotAllowed(
                "unknown-fact", f"{{{name}}} is not a name that we can fill in. Use {facts}.", field
            )
    # A brace left alone is a name that was mistyped, and would be sent as it stands.
    if "{" in _NAME.sub("", text) or "}" in _NAME.sub("", text):
        raise NotAllowed(
            "lone-brace",
            "Put each name between two braces, for example {service}.",
            field,
        )


def check_on_register(recipient: RegisteredRecipient) -> None:
    """Nobody is removed from the register of recipients twice.

    Raises `NotAllowed`: `off-register`.
    """
    if recipient.closed_at:
        raise NotAllowed("off-register", f"{recipient} has already been removed from the register.")


def filled_in(text: str, facts: dict[str, str]) -> str:
    """The words with the facts filled in. What a fact holds is never read as a name again."""
    # In one pass, and not by `format`: that would read attributes of a fact, and braces in a
    # service's name.
    return _NAME.sub(lambda found: facts.get(found.group(1), found.group(0)), text)
