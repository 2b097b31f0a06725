"""The words of a message: names in braces stand for facts, and nothing else can be filled in."""

import re

from core.dates import day_in_words
from core.models import CouncilProfile
from core.workflow import NotAllowed
from suspensions.models import Contact, Party

# What a message may say. Reasons, evidence and concerns are exempt, so that no name leads to them.
FACTS = {
    "party": "who is told",
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
    """Whether these words can be a message: each name in braces stands for a fact, and no brace stands alone.

    Raises `NotAllowed`: `unknown-fact`, `lone-brace`.
    """
    for name in _NAME.findall(text):
        if name not in FACTS:
            facts = ", ".join(f"{{{fact}}}" for fact in FACTS)
            raise NotAllowed("unknown-fact", f"{{{name}}} stands for nothing. You can use {facts}.", field)
    if "{" in _NAME.sub("", text) or "}" in _NAME.sub("", text):
        raise NotAllowed(
            "lone-brace", "A brace stands alone. Names of facts stand between two: {service}.", field
        )


def check_on_register(contact: Contact) -> None:
    """Nobody is taken off the register of parties twice. Raises `NotAllowed`: `off-register`."""
    if contact.closed_at:
        raise NotAllowed("off-register", "They are off the register already.")


def facts_for(party: Party, council: CouncilProfile | None) -> dict[str, str]:
    suspension, change = party.suspension, party.change
    contact = (
        ", ".join((council.contact_name, council.contact_phone, council.contact_email)) if council else ""
    )
    return {
        "party": party.name,
        "council": council.name if council else "The council",
        "service": suspension.service.name,
        "scope": suspension.scope,
        "provider": suspension.service.provider.name,
        "kind": suspension.kind,
        "limit": suspension.limit,
        "from": day_in_words(suspension.in_force_from) if suspension.in_force_from else "",
        "lifted": day_in_words(suspension.lifted_on) if suspension.lifted_on else "",
        "changed": f"{change.after}, from {day_in_words(change.effective_on)}"
        if change and change.effective_on
        else "",
        "contact": contact,
    }


def filled_in(text: str, facts: dict[str, str]) -> str:
    """The words with the facts filled in. What a fact holds is never read as a name again."""
    return _NAME.sub(lambda found: facts.get(found.group(1), found.group(0)), text)
