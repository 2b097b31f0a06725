import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from audits.models import Question, Standard, Template, TemplateSection

pytestmark = pytest.mark.django_db


def a_template(status: str) -> tuple[Template, Question]:
    template = Template.objects.create(
        key="k", name="K", service_types=["day_care"], created_at=timezone.now()
    )
    section = TemplateSection.objects.create(template=template, order=1, title="Safe")
    standard = Standard.objects.create(section=section, order=1, title="Staffing")
    question = Question.objects.create(
        standard=standard, order=1, code="a", text="Enough staff?", kind="yes_no"
    )
    if status != "draft":
        template.status, template.published_at = status, timezone.now()
        template.save()
    return template, question


@pytest.mark.parametrize("status", ["current", "retired"])
def test_published_template_never_changes(status: str) -> None:
    template, question = a_template(status)
    changes = [
        lambda: Question.objects.filter(pk=question.pk).update(text="Other?"),
        lambda: question.delete(),
        lambda: TemplateSection.objects.create(template=template, order=2, title="More"),
        lambda: Template.objects.filter(pk=template.pk).update(good_from=10),
        lambda: Template.objects.filter(pk=template.pk).update(status="draft", published_at=None),
        lambda: template.delete(),
    ]
    for change in changes:
        with pytest.raises(IntegrityError, match="never"), transaction.atomic():
            change()
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_draft_may_change_and_go() -> None:
    template, question = a_template("draft")
    Question.objects.filter(pk=question.pk).update(text="Other?")
    template.delete()
    assert not TemplateSection.objects.exists()


def test_one_current_version_at_a_time() -> None:
    a_template("current")
    with pytest.raises(IntegrityError), transaction.atomic():
        Template.objects.create(
            key="k",
            version=2,
            name="K",
            service_types=["day_care"],
            created_at=timezone.now(),
            status="current",
            published_at=timezone.now(),
        )
