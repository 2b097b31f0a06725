from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from audits import files
from audits.actions import templates
from audits.models import SCORED_KINDS, Template
from documents.text import clean, clean_line
from providers.vocabulary import ServiceType
from tests.documents.texts import texts


def test_shipped_templates_cover_every_service_type() -> None:
    shipped = [files.parse(path.read_text()) for path in sorted(files.SHIPPED.glob("*.toml"))]
    assert {kind for template in shipped for kind in template.service_types} == set(
        ServiceType.values
    )
    main = [template for template in shipped if not template.beside_main]
    assert {kind for template in main for kind in template.service_types} == set(ServiceType.values)
    for template in main:
        assert len(template.sections) == 5, template.name
        assert 16 <= sum(len(section.standards) for section in template.sections) <= 17, (
            template.name
        )
        for section in template.sections:
            scored = [
                q
                for s in section.standards
                for q in s.questions
                if q.kind in SCORED_KINDS and q.weight
            ]
            assert scored, f"{template.name}: {section.title} cannot be scored"
    [beside] = [template for template in shipped if template.beside_main]
    assert beside.service_types == ("home_care",)
    assert len(beside.sections) == 4, "the four criteria of Experts by Experience"


@pytest.mark.django_db
def test_loading_twice_changes_nothing_and_a_councils_own_version_is_left_alone(
    tmp_path: Path,
) -> None:
    call_command("load_audit_templates", stdout=StringIO())
    assert Template.objects.current().count() == 6
    call_command("load_audit_templates", stdout=StringIO())
    assert Template.objects.count() == 6
    ours = tmp_path / "day-care.toml"
    ours.write_text(
        (files.SHIPPED / "day-care.toml").read_text().replace("good_from = 70", "good_from = 65")
    )
    call_command("load_audit_templates", str(ours), stdout=StringIO())
    assert Template.objects.count() == 6
    call_command("load_audit_templates", str(ours), "--update", stdout=StringIO())
    assert Template.objects.current().get(key="day-care").version == 2
    call_command("load_audit_templates", stdout=StringIO())
    assert Template.objects.current().get(key="day-care").good_from == 65


@pytest.mark.django_db
def test_stored_template_exports_what_was_imported() -> None:
    for path in files.SHIPPED.glob("*.toml"):
        source = files.parse(path.read_text())
        stored = templates.load_template(source, by=None, now=timezone.now())
        assert files.content(stored) == source
        assert files.parse(files.dump(source)) == source


SMALL = """
key = "small"
name = "Small"
service_types = ["day_care"]
[[sections]]
title = "One"
[[sections.standards]]
title = "One"
[[sections.standards.questions]]
code = "a"
text = "A?"
kind = "yes_no"
"""


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ('key = "small"', "", "“key” is missing"),
        ('key = "small"', 'key = "Not A Slug"', "must be small letters"),
        ('"day_care"', '"hotel"', "“service_types” must list some of"),
        ('"yes_no"', '"maybe"', "section 1, standard 1, question 1: “kind” must be one of"),
        ('"yes_no"', '"text"', "No question is scored"),
        ('"yes_no"', '"text"\nweight = 2', "cannot have a weight"),
        ('"yes_no"', '"choice"', "“options” must have at least 2"),
        ('"yes_no"', '"yes_no"\nwieght = 2', "Remove “wieght”"),
        ('"yes_no"', '"yes_no"\nweight = 11', "whole number from 0 to 10"),
        ('"yes_no"', '"yes_no"\nweight = true', "whole number from 0 to 10"),
        ('name = "Small"', 'name = "Small"\ngood_from = 95', "must go up"),
        ('name = "Small"', "name = 3", "“name” must be text"),
        ("[[sections]]", "[sections", "This file is not TOML"),
    ],
)
def test_a_bad_file_is_refused_with_the_place_of_each_mistake(
    was: str, becomes: str, said: str
) -> None:
    with pytest.raises(files.TemplateFileError, match=said.replace("(", r"\(")):
        files.parse(SMALL.replace(was, becomes))


def test_invisible_letters_are_left_out_of_a_file() -> None:
    odd = SMALL.replace('name = "', 'name = "\u200b', 1)
    assert files.parse(odd).name == files.parse(SMALL).name


@pytest.mark.parametrize(
    "text", ["key = " + "[" * 20_000, "key = " + "{a=" * 20_000, "key = " + "9" * 5_000, "\0", ""]
)
def test_a_file_that_nobody_wrote_is_refused_in_words(text: str) -> None:
    with pytest.raises(files.TemplateFileError):
        files.parse(text)


@pytest.mark.django_db
def test_command_says_what_is_wrong_with_a_file(tmp_path: Path) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text(SMALL.replace("yes_no", "maybe"))
    with pytest.raises(CommandError, match="kind"):
        call_command("load_audit_templates", str(bad))
    bad.write_bytes(b"\xff\xfe")
    with pytest.raises(CommandError, match="UTF-8"):
        call_command("load_audit_templates", str(bad))
    with pytest.raises(CommandError, match="Cannot read"):
        call_command("load_audit_templates", str(tmp_path / "none.toml"))


# As the door keeps it: nothing else is ever in a template.
LINE = texts(40).map(clean_line).filter(bool)
LINES = texts(40).map(lambda text: clean(text).strip())


@given(title=LINE, guidance=LINES, weight=st.integers(0, 10), na=st.booleans())
def test_whatever_is_written_is_read_back(title: str, guidance: str, weight: int, na: bool) -> None:
    scored = files.QuestionInFile("b", "B?", "rating", weight=1)
    question = files.QuestionInFile(
        "a", title, "rating", guidance=guidance, weight=weight, na_allowed=na
    )
    standard = files.StandardInFile(title, guidance, (question, scored))
    template = files.TemplateInFile(
        "k", title, ("day_care",), guidance, 90, 70, 40, (files.SectionInFile(title, (standard,)),)
    )
    assert files.parse(files.dump(template)) == template
