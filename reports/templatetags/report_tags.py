"""Template tags of the pages of papers: states as coloured words, buttons that act at once, and the
blocks of a section.
"""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from core.jobs.models import Job, JobState
from govuk.templatetags.components import link
from govuk.templatetags.govuk_tags import status_tag
from reports.desk import Mention
from reports.models import Paper, PaperStatus, Section
from reports.papers.markup import Block, BlockKind

register = template.Library()

COLOURS = {
    PaperStatus.DRAFT: "grey",
    PaperStatus.RENDERED: "yellow",
    PaperStatus.APPROVED: "green",
}


@register.simple_tag
def paper_status(paper: Paper) -> SafeString:
    """Where a paper stands."""
    colour = COLOURS.get(PaperStatus(paper.status), "blue")
    return status_tag(paper.get_status_display(), colour)


@register.simple_tag
def section_side(section: Section) -> SafeString:
    """In which file a section stands."""
    return status_tag("Exempt", "red") if section.is_exempt else status_tag("Public", "blue")


@register.simple_tag
def section_status(section: Section) -> SafeString:
    """How far a section has come; an empty one says so in grey."""
    if section.is_released:
        return status_tag(section.state, "green")
    if section.body:
        return status_tag(section.state, "yellow")
    return format_html('<span class="cq-none">{}</span>', section.state)


@register.simple_tag
def mention_status(mention: Mention) -> SafeString:
    """Whether a name that the scan found is released."""
    return (
        status_tag("Released", "green") if mention.released else status_tag("Not released", "red")
    )


@register.simple_tag
def job_progress(job: Job) -> str:
    """How far a job is: the step it is at, or that it has not begun."""
    if job.state == JobState.RUNNING:
        return f"{job.step or 'started'} ({job.progress}%)"
    return "waiting to start"


@register.inclusion_tag("reports/post_button.html", takes_context=True)
def post_button(
    context: template.Context, text: str, name: str, pk: int, kind: str = "", hidden: str = ""
) -> dict[str, Any]:
    """A button that acts at once; `kind` is secondary, or link for one that looks like a link.

    `hidden` is read out after the text, to tell alike buttons apart.
    """
    if kind == "link":
        classes = "cq-link-button"
    else:
        classes = f"govuk-button govuk-button--{kind}" if kind else "govuk-button"
    return {
        "url": reverse(name, args=[pk]),
        "classes": classes,
        "is_inline": kind == "link",
        "text": text,
        "hidden": hidden,
    }


@register.simple_tag
def paper_block(block: Block, paper: Paper) -> SafeString:
    """A block of a section as it is typed; where a table goes, a link to its frozen figures."""
    match block.kind:
        case BlockKind.PARAGRAPH:
            return format_html('<p class="govuk-body">{}</p>', block.text)
        case BlockKind.HEADING:
            return format_html('<h2 class="govuk-heading-s">{}</h2>', block.text)
        case BlockKind.EXAMPLE:
            return format_html('<div class="govuk-inset-text">{}</div>', block.text)
        case BlockKind.LIST:
            items = format_html_join("", "<li>{}</li>", ((item,) for item in block.items))
            return format_html('<ul class="govuk-list govuk-list--bullet">{}</ul>', items)
    figures = link("frozen figures", "reports:view-figures", paper.pk)
    return format_html(
        '<p class="govuk-body cq-muted">[The {} goes here, from the {}.]</p>',
        block.kind.value,
        figures,
    )
