"""Evidence by where it comes from, and what it must say."""

from collections.abc import Mapping

from audits.models import EvidenceSource
from core.workflow import NotAllowed

IN_WORDS = {
    EvidenceSource.SEEN: "Seen",
    EvidenceSource.RECORDS: "From records",
    EvidenceSource.STAFF: "From staff",
    EvidenceSource.PEOPLE: "From people who use the service",
    EvidenceSource.RELATIVES: "From relatives",
}
# What is said when two people have changed the same thing and the second is to decide.
CONFLICT = "{who} changed this while you had it open. Choose which words to keep, then save"


def conflict(who: object) -> str:
    """Who changed something since it was seen, and how to go on."""
    return CONFLICT.format(who=who)


def in_one(sources: Mapping[str, str]) -> str:
    """Evidence from several sources as one text. What was only seen stands as it is."""
    given = [
        (source, sources[source]) for source in EvidenceSource if sources.get(source, "").strip()
    ]
    if [source for source, _ in given] == [EvidenceSource.SEEN]:
        return given[0][1]
    return "\n".join(f"{IN_WORDS[source]}: {text}" for source, text in given)


def by_source(evidence: str, sources: Mapping[str, str]) -> dict[str, str]:
    """A stored answer's evidence by source; evidence without sources was seen."""
    return dict(sources) if sources else {EvidenceSource.SEEN: evidence} if evidence else {}


def check_note(text: str) -> None:
    """Whether a note says something.

    Raises `NotAllowed`: `nothing-said`.
    """
    if not text.strip():
        raise NotAllowed("nothing-said", "Enter the note.", "text")


def check_risk(what: str) -> None:
    """Whether an immediate risk is described.

    Raises `NotAllowed`: `nothing-said`.
    """
    if not what.strip():
        raise NotAllowed("nothing-said", "Enter what the danger is.", "what")


def check_late(text: str) -> None:
    """Whether late evidence says something.

    Raises `NotAllowed`: `nothing-said`.
    """
    if not text.strip():
        raise NotAllowed("nothing-said", "There is nothing to keep: this holds no text.", "text")
