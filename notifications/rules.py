"""The words of a message: names in braces stand for facts, and nothing else can be filled in."""

import re

from core.workflow import NotAllowed
from notifications.models import RegisteredRecipient

# What a message may say. Reasons, evidence and concerns are exempt, so that no name leads to them.
FACTS = {
    "recipient": "who is told",
    "council": "the council’s name",
    "service": "the service",
    "scope": "the service, and the part of it that is suspended",
    "provider": "the provider",
    "kind": "full, partial or voluntary",
    "limit": "the limit of a partial suspension",
    "from": "the first day in force",
    "lifted": "the day of the lift",
    "changed": "what changed, and from when",
    "contact": "whom to ask, with telephone and e-mail",
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
                "unknown-fact", f"{{{name}}} stands for nothing. You can use {facts}.", field
            )
    if "{" in _NAME.sub("", text) or "}" in _NAME.sub("", text):
        raise NotAllowed(
            "lone-brace",
            "A brace stands alone. Names of facts stand between two: {service}.",
            field,
        )


def check_on_register(recipient: RegisteredRecipient) -> None:
    """Nobody is taken off the register of recipients twice. Raises `NotAllowed`: `off-register`."""
    if recipient.closed_at:
        raise NotAllowed("off-register", "They are off the register already.")


def filled_in(text: str, facts: dict[str, str]) -> str:
    """The words with the facts filled in. What a fact holds is never read as a name again."""
    return _NAME.sub(lambda found: facts.get(found.group(1), found.group(0)), text)
