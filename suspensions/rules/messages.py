"""The words of a message: names in braces stand for facts, and nothing else can be filled in."""

import re

from carequality.models import CouncilProfile
from suspensions.models import Party

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


def why_not_words(text: str) -> str | None:
    """Why these words cannot be a message: a name in braces that stands for nothing, or a brace alone."""
    for name in _NAME.findall(text):
        if name not in FACTS:
            return f"{{{name}}} stands for nothing. You can use {', '.join(f'{{{fact}}}' for fact in FACTS)}."
    if "{" in _NAME.sub("", text) or "}" in _NAME.sub("", text):
        return "A brace stands alone. Names of facts stand between two: {service}."
    return None


def facts_for(party: Party) -> dict[str, str]:
    suspension, council = party.suspension, CouncilProfile.current()
    change = party.change
    day = "%-d %B %Y"
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
        "from": format(suspension.in_force_from, day) if suspension.in_force_from else "",
        "lifted": format(suspension.lifted_on, day) if suspension.lifted_on else "",
        "changed": f"{change.after}, from {change.effective_on:%-d %B %Y}"
        if change and change.effective_on
        else "",
        "contact": contact,
    }


def filled_in(text: str, facts: dict[str, str]) -> str:
    """The words with the facts filled in. What a fact holds is never read as a name again."""
    return _NAME.sub(lambda found: facts.get(found.group(1), found.group(0)), text)
