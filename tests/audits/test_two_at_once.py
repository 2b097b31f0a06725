"""Two people at the same moment: one is done, the other gets a sentence, and nothing is there
twice.
"""

from dataclasses import replace
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from audits import files
from audits.actions import bands, programme, templates
from audits.models import BandRule, CalendarFeed, ProgrammeEntry, Template, Visit
from tests.at_once import DONE, at_once
from tests.audits.test_programme import NOW, SMALL, TODAY, draw_up, homes

__all__ = ["homes"]
pytestmark = pytest.mark.django_db(transaction=True)
JUNE = programme.BookInput(date(2026, 6, 30))
NEW = templates.TemplateInput("Another", "another", ["day_care"], False, "", 90, 70, 50)


def test_two_who_plan_the_programmes_visits_at_once_plan_each_audit_once(homes, person):
    first, second = person("Senior officer", "first"), person("Senior officer", "second")
    draw_up(first)

    def book(by):
        return lambda: programme.book_audits(
            2026, "home_care", by=by, given=JUNE, today=TODAY, now=NOW
        )

    assert at_once(book(first), book(second)) == DONE
    assert Visit.objects.count() == len(set(Visit.objects.values_list("service", flat=True))) == 4


def test_a_place_in_the_programme_has_one_visit(homes, person):
    senior = person("Senior officer")
    draw_up(senior)
    [visit, *_] = programme.book_audits(
        2026, "home_care", by=senior, given=JUNE, today=TODAY, now=NOW
    )
    assert visit.programme_entry == ProgrammeEntry.objects.get(service=visit.service)
    with pytest.raises(IntegrityError), transaction.atomic():
        Visit.objects.create(
            service=visit.service,
            kind="annual",
            template=visit.template,
            planned_for=TODAY,
            officer=senior,
            planned_at=NOW,
            planned_by=senior,
            programme_entry=visit.programme_entry,
        )


def test_two_calendars_made_at_once_leave_one_and_a_sentence(homes, person):
    officer = person("Officer", "one")

    def make():
        programme.make_feed(by=officer, now=NOW)

    assert at_once(make, make) == "taken"
    assert CalendarFeed.objects.get(revoked_at=None).officer == officer


def test_two_who_first_change_a_bands_rule_at_once_leave_one_and_a_sentence(person, council):
    manager = person("Manager")
    BandRule.objects.all().delete()

    def change():
        bands.change_band_rule(1, by=manager, given=bands.BandRuleInput("good", 80))

    assert at_once(change, change) == "taken"


def test_two_who_begin_a_template_of_one_short_name_at_once(person, council):
    senior = person("Senior officer")

    def begin():
        templates.save_template(None, by=senior, given=replace(NEW), now=NOW)

    assert at_once(begin, begin) == "key-taken"


def test_two_who_load_one_file_at_once_leave_one_draft(person, council):
    senior, source = person("Senior officer"), files.parse(SMALL)

    def load():
        templates.load_template(source, by=senior, now=NOW)

    assert at_once(load, load) == "draft-exists"
    assert Template.objects.count() == 1
