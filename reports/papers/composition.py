"""From the rows of a paper to what its template may see.

`public_paper` runs in the public process, over views that bear their tables' names: it asks for no
column that `published.sql` does not give.
"""

import hashlib
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import QuerySet

from core.models import CouncilProfile
from core.models.council import ExemptParagraph
from reports.models import INFORMATION, FrozenFigures, Paper, PaperPart, Section, Side
from reports.papers import content
from reports.papers.markup import Block, BlockKind, number_paragraphs, parse

FACTS = (
    "title",
    "committee",
    "meeting_on",
    "as_at",
    "agenda_item",
    "report_of",
    "signatory_name",
    "exempt_paragraph",
    "public_interest",
    "version",
    "correction",
)


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def public_paper(paper_id: int) -> content.PublicPaper:
    """The public paper's content, of released text and frozen figures alone."""
    facts = Paper.objects.values(*FACTS).get(pk=paper_id)
    figures = FrozenFigures.objects.values("data", "frozen_at").get(
        paper_id=paper_id, side=Side.PUBLIC
    )
    # `released_at` is not asked: the view of the public process has released sections alone, and no
    # such column.
    rows = _typed(
        Section.objects.filter(
            paper_id=paper_id, part__in=[part for part in PaperPart if part != PaperPart.EXEMPT]
        )
    )
    profile = CouncilProfile.objects.get(pk=1)
    sections, last = _sections(
        [row for row in rows if row["part"] == PaperPart.NARRATIVE], 0, facts
    )
    comments, _ = _sections([row for row in rows if row["part"] == PaperPart.COMMENT], last, None)
    return content.PublicPaper(
        masthead=_masthead(facts, profile, figures["frozen_at"]),
        sections=sections,
        regional=regional_table(figures["data"]["regional"], profile.short_name),
        suspensions=suspension_table(figures["data"]["suspensions"]),
        recommendations=_paragraphs(rows, PaperPart.RECOMMENDATIONS),
        signatory=facts["signatory_name"],
        signatory_title=facts["report_of"],
        contact=content.PaperContact(
            profile.contact_name,
            profile.contact_title,
            profile.contact_department,
            profile.contact_phone,
            profile.contact_email,
        ),
        comments=comments,
        background_papers=tuple(
            text
            for text in _paragraphs(rows, PaperPart.BACKGROUND)
            if text.casefold().strip(".") != "none"
        ),
        electoral_divisions=" ".join(_paragraphs(rows, PaperPart.DIVISIONS)) or "All.",
    )


def exempt_appendix(paper_id: int) -> content.ExemptAppendix:
    """The Exempt Appendix's content: the frozen stories and the released exempt text."""
    facts = Paper.objects.values(*FACTS).get(pk=paper_id)
    frozen = FrozenFigures.objects.get(paper_id=paper_id, side=Side.EXEMPT)
    rows = _typed(
        Section.objects.filter(paper_id=paper_id, part=PaperPart.EXEMPT, released_at__isnull=False)
    )
    sections, _ = _sections(rows, 0, None)
    return content.ExemptAppendix(
        masthead=_masthead(facts, CouncilProfile.objects.get(pk=1), frozen.frozen_at),
        paragraph=str(facts["exempt_paragraph"]),
        paragraph_text=f"{ExemptParagraph(facts['exempt_paragraph']).in_a_sentence}.",
        public_interest=facts["public_interest"],
        sections=sections,
        in_force=tuple(story(each) for each in frozen.data["in_force"]),
        lifted=tuple(story(each) for each in frozen.data["lifted"]),
    )


def typed_text(paper_id: int) -> dict[str, str]:
    """What the public file was made from, by where it was typed: for the scan, which finds no name
    cut by a page end.
    """
    sections = Section.objects.filter(paper_id=paper_id).exclude(part=PaperPart.EXEMPT)
    found: dict[str, str] = {}
    for section in sections.written():
        where = f"the section “{section.heading}”"
        found[where] = f"{found.get(where, '')}\n\n{section.heading}\n{section.body}"
    paper = Paper.objects.get(pk=paper_id)
    found["the paper’s facts"] = "\n".join(
        (
            paper.title,
            paper.committee,
            paper.report_of,
            paper.signatory_name,
            paper.public_interest,
            paper.correction,
        )
    )
    return found


def _typed(sections: QuerySet[Section]) -> list[dict[str, Any]]:
    rows = (
        sections.exclude(body="").order_by("order", "id").values("part", "heading", "level", "body")
    )
    return [dict(row) for row in rows]


def _masthead(facts: dict[str, Any], profile: CouncilProfile, frozen_at: Any) -> content.Masthead:
    return content.Masthead(
        council=profile.name,
        committee=facts["committee"],
        meeting_on=facts["meeting_on"],
        agenda_item=facts["agenda_item"],
        report_of=facts["report_of"],
        title=facts["title"],
        as_at=facts["as_at"],
        version=facts["version"],
        correction=facts["correction"],
        made_at=frozen_at,
    )


def _sections(
    rows: Iterable[dict[str, Any]], last: int, facts: dict[str, Any] | None
) -> tuple[tuple[content.PaperSection, ...], int]:
    made = []
    for row in rows:
        blocks = parse(row["body"])
        if facts is not None and row["heading"] == INFORMATION:
            blocks = (_exempt_paragraph(facts), *blocks)
        blocks, last = number_paragraphs(blocks, last)
        made.append(content.PaperSection(row["heading"], blocks, row["level"]))
    if facts is not None and not any(section.heading == INFORMATION for section in made):
        made, last = _with_information(rows, facts)
    return tuple(made), last


def _with_information(
    rows: Iterable[dict[str, Any]], facts: dict[str, Any]
) -> tuple[list[content.PaperSection], int]:
    # "Information" holds a paragraph of ours and may have none of the officers': it stands behind
    # the purpose.
    ordered = list(rows)
    ordered.insert(1, {"part": PaperPart.NARRATIVE, "heading": INFORMATION, "level": 2, "body": ""})
    sections, last = _sections(ordered, 0, facts)
    return list(sections), last


def _exempt_paragraph(facts: dict[str, Any]) -> Block:
    paragraph = ExemptParagraph(facts["exempt_paragraph"])
    return Block(
        BlockKind.PARAGRAPH,
        "Some of the information for this report is not for publication: it is exempt under"
        f" paragraph {paragraph.value} of Part 1 of Schedule 12A to the Local Government Act 1972,"
        f" as {paragraph.in_a_sentence}. It is in a separate Exempt Appendix."
        f" {facts['public_interest']}",
    )


def _paragraphs(rows: Iterable[dict[str, Any]], part: PaperPart) -> tuple[str, ...]:
    found: list[str] = []
    for row in rows:
        if row["part"] == part:
            for block in parse(row["body"]):
                found.extend(block.items or [block.text])
    return tuple(text for text in found if text)


def regional_table(data: dict[str, Any], own: str) -> content.RegionalTable:
    """The paper's table from the frozen figure: a row for each authority, five shares for each
    service type.
    """
    groups = list(dict.fromkeys(column["group"] for column in data["columns"] if column["group"]))
    by_group = {
        group: [column["key"] for column in data["columns"] if column["group"] == group]
        for group in groups
    }
    rows = []
    for row in data["rows"]:
        authority = row[data["columns"][0]["key"]]
        shares = tuple(
            content.RatingShares(
                *(row[key]["percent"] if row[key] else None for key in by_group[group])
            )
            for group in groups
        )
        rows.append(content.RegionalRow(authority, authority == own, shares))
    # The table draws its own key of the abbreviations.
    notes = tuple(note for note in data["notes"] if not note.startswith("IA:"))
    return content.RegionalTable(
        date.fromisoformat(data["as_at"]), tuple(groups), tuple(rows), notes
    )


def suspension_table(data: dict[str, Any]) -> content.SuspensionTable:
    return content.SuspensionTable(
        date.fromisoformat(data["as_at"]),
        tuple(
            content.SuspensionRow(
                row["service_type"], row["services"], row["status"], tuple(row["districts"])
            )
            for row in data["rows"]
        ),
    )


def story(data: dict[str, Any]) -> content.Story:
    dates = {
        name: date.fromisoformat(data[name]) if data[name] else None
        for name in ("in_force_from", "lifted_on")
    }
    return content.Story(
        **{
            **data,
            **dates,
            "history": tuple(
                content.StoryMoment(**{**moment, "on": date.fromisoformat(moment["on"])})
                for moment in data["history"]
            ),
            "notified": tuple(
                content.NotifiedRecipient(
                    **{
                        **notified,
                        "on": date.fromisoformat(notified["on"]) if notified["on"] else None,
                    }
                )
                for notified in data["notified"]
            ),
            "ratings": tuple(
                content.PaperRating(
                    rating["question"],
                    rating["rating"],
                    date.fromisoformat(rating["published_on"]) if rating["published_on"] else None,
                )
                for rating in data["ratings"]
            ),
        }
    )
