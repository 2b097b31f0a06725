"""Evidence by where it comes from, and when an action on a visit's evidence is refused."""

from collections.abc import Mapping

from audits.models import Attachment, Source, Visit, VisitKind, VisitStatus

IN_WORDS = {
    Source.SEEN: "Seen",
    Source.RECORDS: "From records",
    Source.STAFF: "From staff",
    Source.PEOPLE: "From people who use the service",
    Source.RELATIVES: "From relatives",
}
SHARED_KINDS = (VisitKind.JOINT, VisitKind.ENTER_AND_VIEW)


def in_one(sources: Mapping[str, str]) -> str:
    """Evidence from several sources as one text. What was only seen stands as it is."""
    given = [(source, sources[source]) for source in Source if sources.get(source, "").strip()]
    if [source for source, _ in given] == [Source.SEEN]:
        return given[0][1]
    return "\n".join(f"{IN_WORDS[source]}: {text}" for source, text in given)


def by_source(evidence: str, sources: Mapping[str, str]) -> dict[str, str]:
    """A stored answer's evidence by source; evidence without sources was seen."""
    return dict(sources) if sources else {Source.SEEN: evidence} if evidence else {}


def why_not_note(visit: Visit) -> str | None:
    if visit.status == VisitStatus.IN_PROGRESS:
        return None
    if visit.status == VisitStatus.PLANNED:
        return "Begin the visit before taking notes."
    return f"This visit is {visit.get_status_display().lower()}: its notes stand as they are."


def why_not_attach(visit: Visit) -> str | None:
    # Documents may be supplied before the visit.
    if visit.is_waiting:
        return None
    return f"This visit is {visit.get_status_display().lower()}: nothing can be added to it."


def why_not_withdraw(attachment: Attachment, reason: str) -> str | None:
    if attachment.withdrawn_at is not None:
        return "It was withdrawn already."
    return None if reason.strip() else "Say why it is withdrawn."


def why_not_give_feedback(visit: Visit) -> str | None:
    if visit.status == VisitStatus.IN_PROGRESS:
        return None
    if visit.status == VisitStatus.PLANNED:
        return "Begin the visit before giving feedback."
    return f"This visit is {visit.get_status_display().lower()}: the feedback stands as it was given."


def why_not_raise_risk(visit: Visit, what: str) -> str | None:
    if visit.status == VisitStatus.CANCELLED:
        return "This visit is cancelled. Record a concern about the service in its place."
    return None if what.strip() else "Say what the danger is."


def why_not_record_sharing(visit: Visit) -> str | None:
    if visit.kind not in SHARED_KINDS:
        return "Only a joint visit or an Enter and View visit has partners to share with."
    return "This visit is cancelled." if visit.status == VisitStatus.CANCELLED else None


def why_not_reopen(visit: Visit, reason: str) -> str | None:
    if not visit.is_completed:
        return (
            f"This visit is {visit.get_status_display().lower()}; only a completed one can be opened again."
        )
    return None if reason.strip() else "Say what has to be corrected, and why."
