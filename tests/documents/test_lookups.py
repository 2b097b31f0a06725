"""Stored keys in the database: found, sorted and compared by the one folding."""

import pytest
from django.db import connection

from core.models import Locality, User
from core.models.keys import KeyField, fill, keys_of
from documents.folding import name_key
from providers.models import Provider

NAMES = [
    "Zeta House",
    "Éire Lodge",
    "elmfield house",
    "Ashby House",
    "Ash House",
    "O’Brien House",
    "Ōak Lodge",
    "St Mary's",
    "Sainsbury House",
    "Ørsted",
    "‘Aster’",
    "10 Elm Road",
    "2 Elm Road",
    "Дом",
    "★",
]


@pytest.fixture
def providers(db):
    return Provider.objects.bulk_create(Provider(name=name) for name in NAMES)


def test_database_sorts_as_the_folding_does(providers):
    """By code point, whatever collation the database has."""
    listed = list(Provider.objects.values_list("name", flat=True))
    assert listed == sorted(NAMES, key=name_key)


def test_saving_a_name_alone_writes_its_key(providers):
    provider = providers[0]
    provider.name = "Ålesund Care"
    provider.save(update_fields=["name"])
    provider.refresh_from_db()
    assert provider.name_key == "alesund care"


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("O'Brien", "O’Brien House"),
        ("saint marys", "St Mary's"),
        ("orsted", "Ørsted"),
        ("oaklodge", "Ōak Lodge"),
        ("дом", "Дом"),
        ("100%", None),
        ("_", "any"),
    ],
)
def test_key_holds_what_is_typed(providers, typed, found):
    held = set(Provider.objects.filter(name_key__holds=typed).values_list("name", flat=True))
    # Signs alone are not looked at, so that they leave nothing out.
    assert held == (set(NAMES) if found == "any" else {found} - {None})


def test_same_name_in_another_spelling_is_the_same(providers):
    assert Provider.objects.get(name_key__same_as="SAINT MARYS").name == "St Mary's"
    assert not Provider.objects.filter(name_key__same_as="Mary").exists()
    assert not Provider.objects.filter(name_key__same_as="★").exists()


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("Families of the resident’s said", "resident's"),
        ("Visit to Llŷn Fawr", "llyn fawr"),
        ("Oak and Ash", "oak & ash"),
        ("Oak&Ash", "oak and ash"),
        ("at Æthelred’s", "aethelred's"),
        ("(100%) of $1.50", "100%"),
        ("a [b] c", "[b]"),
        ("O\u2019Brien", "OBRIEN"),
    ],
)
def test_text_says_what_is_typed_however_it_is_written(db, text, typed):
    locality = Locality.objects.create(name=text)
    assert Locality.objects.filter(name__says=typed).get() == locality
    assert not Locality.objects.filter(name__says=f"{typed}x").exists()


def test_keys_that_are_wrong_are_made_right(providers):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE providers_provider SET name_key = 'wrong' WHERE name LIKE 'Ash%'")
    assert fill(Provider, "default") == 2
    assert fill(Provider, "default") == 0
    assert list(Provider.objects.values_list("name", flat=True)) == sorted(NAMES, key=name_key)


def test_accounts_that_were_alike_before_keys_both_stay(db, person):
    first, second = person("Officer", "officer"), person("Officer", "second")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE core_user SET username = 'OFFICER', email = upper(%s) WHERE id = %s",
            [first.email, second.pk],
        )
    assert fill(User, "default") > 0
    second.refresh_from_db()
    assert second.username_key == f"officer {second.pk}"
    # It is changed as every other is, and keeps its place.
    second.last_name = "Two"
    second.save()
    second.refresh_from_db()
    assert (second.username_key, second.name_key) == (f"officer {second.pk}", "second two officer")


def test_every_model_with_a_key_fills_it(db):
    from django.apps import apps

    keyed = {model.__name__: keys_of(model) for model in apps.get_models() if keys_of(model)}
    assert {"Provider", "Service", "ServiceUnit", "Location", "User"} <= keyed.keys()
    for keys in keyed.values():
        for key in keys:
            assert isinstance(key, KeyField)
            assert key.db_collation == "C"
