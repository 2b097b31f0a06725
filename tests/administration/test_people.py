import threading

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from administration.actions import people as actions
from core.models import Event, User
from core.workflow import NotAllowed

PASSWORD = "plenty of marsh marigolds"


@pytest.fixture
def answers():
    return {
        "username": "new.person",
        "first_name": "New",
        "last_name": "Person",
        "email": "new.person@example.test",
        "groups": ["Officer", "Manager"],
        "password": PASSWORD,
    }


def test_administrator_adds_a_person_who_must_choose_their_own_password(client_as, answers):
    client_as("Administrator").post(reverse("add-person"), answers)
    person = User.objects.get(username="new.person")
    assert {group.name for group in person.groups.all()} == {"Officer", "Manager"}
    event = Event.objects.get(kind="person.added")
    assert event.after == {"groups": ["Manager", "Officer"]}

    client = Client()
    client.post(reverse("sign-in"), {"username": "new.person", "password": PASSWORD})
    change = reverse("change-password")
    assert client.get(reverse("oversight:list-services"))["Location"] == change
    own = "a quite different one"
    client.post(change, {"old_password": PASSWORD, "new_password1": own, "new_password2": own})
    assert client.get(reverse("oversight:list-services")).status_code == 200


@pytest.mark.parametrize(
    ("wrong", "field", "message"),
    [
        ({"username": ""}, "username", "Enter user name"),
        ({"username": "administrator"}, "username", "this one is taken"),
        ({"username": "with space"}, "username", "valid username"),
        ({"first_name": ""}, "first_name", "Enter first name"),
        ({"email": "nobody"}, "email", "email address"),
        ({"groups": []}, "groups", "groups"),
        ({"groups": ["King"]}, "groups", "groups"),
        ({"password": "short"}, "password", "12"),
        ({"password": "new.person@example.test"}, "password", "similar"),
    ],
)
def test_bad_input_about_a_person_is_said_by_its_field(client_as, answers, wrong, field, message):
    response = client_as("Administrator").post(reverse("add-person"), answers | wrong)
    assert message.lower() in str(response.context["form"].errors[field]).lower()
    assert not User.objects.filter(email="new.person@example.test").exists()


def test_nobody_changes_their_own_groups_or_closes_their_own_account(client_as, person):
    admin = person("Administrator")
    client = client_as("Administrator")
    client.post(reverse("change-groups", args=[admin.pk]), {"groups": ["Manager"]})
    client.post(reverse("deactivate-person", args=[admin.pk]), {})
    client.post(reverse("set-password", args=[admin.pk]), {"password": PASSWORD})
    admin.refresh_from_db()
    assert [group.name for group in admin.groups.all()] == ["Administrator"]
    assert admin.is_active
    assert not admin.check_password(PASSWORD)
    assert "Another administrator" in client.get(reverse("change-groups", args=[admin.pk])).text


def test_closed_account_is_out_at_once_and_can_be_opened_again(client_as, person):
    officer = client_as("Officer")
    pk = person("Officer").pk
    admin = client_as("Administrator")
    assert officer.get(reverse("oversight:list-services")).status_code == 200
    admin.post(reverse("deactivate-person", args=[pk]), {})
    assert reverse("sign-in") in officer.get(reverse("oversight:list-services"))["Location"]
    assert User.objects.filter(pk=pk, is_active=False).exists(), "never deleted"
    admin.post(reverse("reactivate-person", args=[pk]), {})
    name_and_password = {"username": "officer", "password": "a long enough password"}
    assert Client().post(reverse("sign-in"), name_and_password).status_code == 302
    kinds = Event.objects.filter(about_id=str(pk)).order_by("pk").values_list("kind", flat=True)
    assert [kind for kind in kinds if kind != "person.signed_in"] == [
        "person.deactivated",
        "person.reactivated",
    ]


def test_groups_are_changed_and_both_sets_recorded(client_as, person):
    officer = person("Officer")
    client_as("Administrator").post(
        reverse("change-groups", args=[officer.pk]), {"groups": ["Manager"]}
    )
    event = Event.objects.get(kind="person.groups_changed")
    assert (event.before, event.after) == ({"groups": ["Officer"]}, {"groups": ["Manager"]})


def test_change_of_a_person_leaves_no_personal_data_in_the_record(client_as, person):
    officer = person("Officer")
    client_as("Administrator").post(
        reverse("change-person", args=[officer.pk]),
        {"first_name": "Another", "last_name": "Name", "email": "another@example.test"},
    )
    officer.refresh_from_db()
    assert str(officer) == "Another Name"
    assert "Another" not in str(Event.objects.get(kind="person.changed").after)


def test_set_password_ends_sessions_and_is_temporary(client_as, person):
    officer = client_as("Officer")
    client_as("Administrator").post(
        reverse("set-password", args=[person("Officer").pk]), {"password": PASSWORD}
    )
    assert reverse("sign-in") in officer.get("/people/")["Location"]
    assert person("Officer").password_is_temporary


def test_list_of_people_is_searched_and_filtered(client_as, person):
    person("Manager")
    client = client_as("Administrator")
    assert "manager" in client.get(reverse("list-people"), {"q": "manag"}).text
    assert client.get(reverse("list-people"), {"is_active": "false"}).context["page"].count == 0


def test_two_administrators_who_close_each_other_at_once_leave_one(person, transactional_db):
    pair = [person("Administrator", name) for name in ("admin.one", "admin.two")]
    refusals = []

    def close(by, whom):
        try:
            actions.deactivate(whom.pk, by=by)
        except NotAllowed as refusal:
            refusals.append(refusal.code)
        finally:
            connection.close()

    with transaction.atomic():
        # Hold both until both wait.
        list(User.objects.select_for_update().order_by("pk"))
        threads = [threading.Thread(target=close, args=each) for each in (pair, pair[::-1])]
        for thread in threads:
            thread.start()
            thread.join(0.3)
    for thread in threads:
        thread.join()
    assert User.objects.filter(is_active=True).count() == 1
    assert refusals == ["own-account-closed"]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"username": "ADMINISTRATOR"}, "username"),
        ({"username": "admini.strator"}, "username"),
        ({"email": "Administrator@EXAMPLE.test"}, "email"),
    ],
)
def test_second_account_of_a_name_or_an_email_is_refused(client_as, answers, typed, field):
    response = client_as("Administrator").post(reverse("add-person"), answers | typed)
    [error] = response.context["form"].errors[field]
    assert "has this" in error
    assert "administrator" in error
    assert User.objects.count() == 1
    assert answers["first_name"] in response.text


def test_closed_account_of_that_name_is_to_be_reopened(client_as, person, answers):
    left = person("Officer", "left")
    left.is_active = False
    left.save()
    response = client_as("Administrator").post(
        reverse("add-person"), answers | {"username": "Left"}
    )
    assert "Reopen that account" in response.context["form"].errors["username"][0]


def test_email_of_another_account_is_refused_in_a_change(client_as, person):
    other = person("Officer")
    url = reverse("change-person", args=[other.pk])
    typed = {"first_name": "An", "last_name": "Officer", "email": "ADMINISTRATOR@example.test"}
    response = client_as("Administrator").post(url, typed)
    assert "email" in response.context["form"].errors
    own = typed | {"email": "OFFICER@example.test"}
    assert client_as("Administrator").post(url, own).status_code == 302
    other.refresh_from_db()
    assert other.name_key == "an officer officer"


@pytest.mark.django_db(transaction=True)
def test_of_two_accounts_of_a_name_at_once_one_is_added(person):
    by = person("Administrator")
    start, refused = threading.Barrier(4), []

    def add(username):
        given = actions.NewPersonInput(
            "New", "Person", f"{username}@one.test", username=username, password=PASSWORD
        )
        try:
            start.wait(timeout=30)
            actions.add_person(by=by, given=given)
        except NotAllowed as refusal:
            refused.append(refusal.code)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=add, args=[name]) for name in ("same", "SAME", "Same", "s.ame")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert refused == ["taken"] * 3
    assert User.objects.filter(username_key="same").count() == 1


@pytest.mark.parametrize("typed", ["o'neill", "ONeill", "siân", "sian o’neill", "SIAN@one.test"])
def test_person_is_found_in_whatever_spelling(client_as, person, typed):
    found = person("Officer", "sian")
    found.first_name, found.last_name, found.email = "Siân", "O’Neill", "sian@one.test"
    found.save(update_fields=["first_name", "last_name", "email"])
    page = client_as("Administrator").get(reverse("list-people"), {"q": typed}).context["page"]
    assert [each.pk for each in page] == [found.pk]
