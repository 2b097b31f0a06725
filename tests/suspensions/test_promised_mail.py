"""An email that was promised and cannot go, whatever keeps it: the page of the suspension says so,
with what to do instead.
"""

from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from core.jobs import names, queue
from notifications.models import MessageTemplate
from suspensions.actions import deciding
from suspensions.models import Recipient
from tests.suspensions.test_notification import in_force, provider

__all__ = ["in_force", "provider"]
SMTP = "django.core.mail.backends.smtp.EmailBackend"


def page_of(suspension, client_as) -> str:
    url = reverse("suspensions:view-suspension", args=[suspension.pk])
    return client_as("Manager", "decider").get(url).text


def send_until_given_up(recipient):
    """As its lane does, at the hours at which it is due."""
    queue.work(kinds=[names.NOTIFY_RECIPIENTS])
    for hours in range(0, 40, 4):
        moment = timezone.now() + timedelta(hours=hours)
        queue.work(kinds=[names.NOTIFY_RECIPIENT], clock=lambda at=moment: at)
    recipient.refresh_from_db()
    return recipient


@pytest.mark.django_db(transaction=True)
class TestMail:
    @pytest.mark.parametrize("sender", ["", "no address", "two@at@signs", "Team <>"])
    def test_an_empty_or_malformed_sender_is_said_with_what_to_do_instead(
        self, in_force, provider, settings, client_as, sender
    ):
        settings.DEFAULT_FROM_EMAIL = sender
        settings.EMAIL_BACKEND = SMTP
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # nothing listens there
        send_until_given_up(provider)
        assert provider.state == "Email failed, contact them"
        page = page_of(in_force, client_as)
        assert "Email to be sent" not in page
        assert names.NOTIFY_RECIPIENT.instead in page

    @pytest.mark.parametrize("address", ["no address", "ä\nb@alder.test"])
    def test_a_malformed_address_is_said(self, in_force, provider, settings, client_as, address):
        Recipient.objects.filter(pk=provider.pk).update(email=address)
        settings.EMAIL_BACKEND = SMTP
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
        send_until_given_up(provider)
        assert names.NOTIFY_RECIPIENT.instead in page_of(in_force, client_as)

    def test_a_template_of_the_products_that_does_not_render_is_said(
        self, in_force, provider, settings, client_as, tmp_path
    ):
        broken = tmp_path / "suspensions" / "mail"
        broken.mkdir(parents=True)
        (broken / "suspension.txt").write_text("{% load nothing_of_that_name %}")
        engine = django_settings.TEMPLATES[0]
        settings.TEMPLATES = [{**engine, "DIRS": [tmp_path, *engine["DIRS"]]}]
        send_until_given_up(provider)
        assert not mail.outbox
        assert provider.state == "Email failed, contact them"
        assert names.NOTIFY_RECIPIENT.instead in page_of(in_force, client_as)

    def test_words_of_the_councils_with_a_fact_that_is_no_more_are_said(
        self, in_force, provider, client_as, manager
    ):
        MessageTemplate.objects.create(
            notification="suspension",
            kind="",
            subject="About {service}",
            body="{a_fact_that_is_no_more}",
            changed_by=manager,
            changed_at=timezone.now(),
        )
        send_until_given_up(provider)
        if not provider.notified_at:
            assert names.NOTIFY_RECIPIENT.instead in page_of(in_force, client_as)

    def test_asking_to_confirm_says_whom_to_telephone(self, service, manager, settings, client_as):
        settings.DEFAULT_FROM_EMAIL = ""
        settings.EMAIL_BACKEND = SMTP
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
        given = deciding.UrgentInput(summary="Harm.")
        made = deciding.suspend_urgently(service.pk, by=manager, given=given, now=timezone.now())
        queue.work(kinds=[names.ASK_TO_CONFIRM])
        page = page_of(made, client_as)
        assert "telephone them" in page
