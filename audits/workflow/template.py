"""The lifecycle of a version of an audit template: a draft, in use, retired by the version that
follows it.

Source: the council's own policy. A finished audit keeps the questions that it answered, so that a
rating can be shown to stand on what was asked.
"""

from audits.models import Template, TemplateStatus
from core.workflow import Transition, Workflow

DRAFT, CURRENT, RETIRED = TemplateStatus.DRAFT, TemplateStatus.CURRENT, TemplateStatus.RETIRED
EDIT = "audits.edit_template"
NEVER_CHANGES = "A version that has been in use cannot change. Start a new version instead."

# Automatic are the steps by which a command loads the templates that come with the product.
TEMPLATE = Workflow(
    "audit-template",
    Template,
    "status",
    TemplateStatus,
    (
        Transition("start", (), DRAFT, EDIT, "start a template", automatic=True),
        Transition("change", (DRAFT,), None, EDIT, "change a template"),
        Transition("publish", (DRAFT,), CURRENT, EDIT, "bring a template into use", automatic=True),
        Transition("discard", (DRAFT,), None, EDIT, "discard a draft"),
        Transition("start-version", (CURRENT, RETIRED), None, EDIT, "start a new version"),
        # Taken with "publish" of the next version.
        Transition("retire", (CURRENT,), RETIRED, EDIT, "retire a template", automatic=True),
    ),
    not_from={
        DRAFT: "This version is already a draft.",
        CURRENT: NEVER_CHANGES,
        RETIRED: NEVER_CHANGES,
    },
)
