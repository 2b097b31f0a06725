"""Which passwords are taken."""

from datetime import date

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.urls import reverse
from hypothesis import HealthCheck, given
from hypothesis import settings as settings_of_hypothesis
from hypothesis import strategies as st

from core.models import CouncilProfile, District, Event, User
from providers.models import Provider, Service

OLD = "a long enough password"


@pytest.fixture
def register(council):
    """A provider and a service, whose names everybody who works here knows."""
    provider = Provider.objects.create(name="Thistledown Care Ltd")
    Service.objects.create(
        provider=provider,
        name="St Brannoc’s Lodge",
        service_type="residential_home",
        client_group="ageing_well",
        district=District.objects.get(name="Northmarsh"),
        beds=30,
        opened_on=date(2015, 4, 1),
    )
    return provider


@pytest.fixture
def amara(person):
    made = person("Officer")
    made.first_name, made.last_name = "Amara", "Quillholt"
    made.username, made.email = "aquill", "amara.q-holt@example.test"
    made.save()
    return made


def codes(password, person=None):
    try:
        validate_password(password, person)
    except ValidationError as error:
        return {one.code for one in error.error_list}
    return set()


@pytest.mark.parametrize(
    "password",
    [
        "aaaaaaaaaaaa",
        "passwordpassword",
        "Password-Password-1",
        "Welcome12345",
        "P@ssw0rd1234",
        "letmein-letmein",
        "qwertyuiop12",
        "1qaz2wsx3edc",
        "abcdefghijkl",
        "121212121212",
        "Summer2026!!",
        "otter otter otter",
        "!!!???***£££",
        "éèàüöéèàüöéè",
    ],
)
def test_common_passwords_are_refused_however_they_are_decorated(register, password):
    assert codes(password) & {"password_easy", "password_too_common"}


@pytest.mark.parametrize(
    "password",
    [
        "carequality123",
        "C@r3Qu@l1ty2026",
        "c.a.r.e.q.u.a.l.i.t.y",
        "care quality 2026",
        "Exampleshire2026!",
        "Exampleshire-County-Council",
        "Northmarsh-2026",
        "northmarsh&southmarsh",
        "ThistledownCare1",
        "StBrannocsLodge1",
        "St Brannoc's Lodge",
        "QualityTeam2026",
        "qmmt-qmmt-qmmt",
    ],
)
def test_the_councils_own_words_are_refused_and_named(register, password):
    assert "password_own_word" in codes(password)
    with pytest.raises(ValidationError) as refused:
        validate_password(password)
    assert "people here would try “" in str(refused.value)


@pytest.mark.parametrize(
    "password", ["AmaraQuillholt", "Quillholt-2026", "aquill-aquill-1", "Amara.Q-Holt.99"]
)
def test_a_persons_own_names_are_refused(register, amara, password):
    assert codes(password, amara) & {"password_own_word", "password_too_similar"}


@pytest.mark.parametrize(
    "password",
    [
        "coffeetrainfish",
        "coffee train fish",
        "plenty of marsh marigolds",
        "correcthorsebatterystaple",
        "k#9!x_Qp~2&z",
        "zxj4kd92hqplw",
        "wholly unlike otters",
        "Exampleshire otters wear tweed",
        "coffee lodge train violin",
        "łódź wieża żółw",
        "纸船 茶壶 雨伞 月亮 山",
        "x" + "kettle bridge otter violin " * 40,
    ],
)
def test_words_that_have_nothing_to_do_with_each_other_are_taken(register, amara, password):
    assert codes(password, amara) == set()


@st.composite
def decorated(draw, words):
    """One word or two of them, in any case, with figures for letters, and up to four digits and
    signs before or behind.
    """
    figures = str.maketrans("oeas", draw(st.sampled_from(["oeas", "0eas", "03as", "0345"])))
    change = draw(st.sampled_from([str.lower, str.title, str.upper]))
    drawn = draw(st.lists(st.sampled_from(words), min_size=1, max_size=2))
    core = draw(st.sampled_from(["", "-", " "])).join(change(word) for word in drawn)
    dress = draw(st.text(alphabet="0123456789!-_. £$", max_size=4))
    core = core.translate(figures)
    return dress + core if draw(st.booleans()) else core + dress


@settings_of_hypothesis(
    max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(password=decorated(["exampleshire", "northmarsh", "carequality", "thistledown"]))
def test_no_decoration_makes_a_password_of_the_councils_words(register, password):
    assert codes(password)


@settings_of_hypothesis(
    max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(password=st.text(max_size=300))
def test_whatever_is_chosen_is_judged(register, password):
    """No fault, whatever letters."""
    codes(password)


def change(client, old, new, again=None):
    return client.post(
        reverse("change-password"),
        {"old_password": old, "new_password1": new, "new_password2": again or new},
    )


def test_the_same_password_is_no_change(client_as, person):
    client, officer = client_as("Officer"), person("Officer")
    answer = change(client, OLD, OLD)
    errors = answer.context["form"].errors.as_data()
    assert [error.code for error in errors["new_password1"]] == ["password_unchanged"]
    assert "Enter a password that is not your current one" in answer.text
    assert person("Officer").password == officer.password
    assert not Event.objects.filter(kind="person.password_changed").exists()


def test_a_first_password_must_be_changed_for_another(client_as, person):
    client = client_as("Officer")
    User.objects.filter(pk=person("Officer").pk).update(password_is_temporary=True)
    assert change(client, OLD, OLD).status_code == 200
    assert person("Officer").password_is_temporary


def test_whether_a_new_password_is_the_current_one_is_told_to_whoever_knows_it_alone(client_as):
    """Or the box of the new one would answer guesses, uncounted."""
    answer = change(client_as("Officer"), "wrong", OLD)
    assert list(answer.context["form"].errors) == ["old_password"]


def test_own_words_are_refused_on_each_page_that_sets_a_password(client_as, person, register):
    mine = change(client_as("Officer"), OLD, "Northmarsh-2026")
    assert list(mine.context["form"].errors) == ["new_password1"], "by its own box"
    assert "people here would try “northmarsh”" in mine.text
    admin = client_as("Administrator")
    theirs = admin.post(
        reverse("set-password", args=[person("Officer").pk]), {"password": "Thistledown-99"}
    )
    assert "people here would try “thistledown”" in theirs.text
    added = admin.post(
        reverse("add-person"),
        {
            "username": "zoe",
            "first_name": "Zoe",
            "last_name": "Wrenfield",
            "email": "z@example.test",
            "groups": ["Officer"],
            "password": "Wrenfield-2026",
        },
    )
    assert "Wrenfield" not in [user.last_name for user in User.objects.all()]
    assert added.context["form"].errors["password"]


def test_the_page_says_beforehand_what_works(client_as):
    page = client_as("Officer").get(reverse("change-password")).text
    assert "Three words that have nothing to do with each other work well" in page


def test_the_first_administrators_password_is_none_of_the_councils_words(db, monkeypatch):
    def begin(password):
        monkeypatch.setenv("FIRST_PASSWORD", password)
        call_command(
            "begin",
            council="Wetherdale County Council",
            username="first",
            email="first@example.test",
            password_from="FIRST_PASSWORD",
            verbosity=0,
        )

    with pytest.raises(CommandError, match="wetherdale"):
        begin("Wetherdale-2026")
    assert CouncilProfile.current() is None
    begin("seventeen herons over a marsh")
    assert User.objects.get().check_password("seventeen herons over a marsh")
