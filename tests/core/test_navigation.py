"""Which place of the navigation a page marks as the one that the reader is in."""

import pytest
from django.urls import reverse


@pytest.mark.parametrize(
    ("url_name", "args", "place"),
    [
        ("suspensions:list-suspensions", (), "Suspensions"),
        ("formal_steps:list-formal-steps", (), "Suspensions"),
        ("formal_steps:change-policy", (), "Suspensions"),
        ("notifications:list-recipients", (), "Suspensions"),
        ("set-cover", (), "Suspensions"),
        ("figures:list-area", ("suspensions",), "Suspensions"),
        ("figures:list-area", ("concerns",), "Concerns"),
        ("figures:list-area", ("ratings",), "Ratings"),
        ("audits:list-visits", (), "Audits"),
    ],
)
def test_page_marks_the_one_place_that_it_lies_under(client_as, council, url_name, args, place):
    response = client_as("Manager").get(reverse(url_name, args=args))
    assert response.status_code == 200
    assert [item["label"] for item in response.context["navigation"] if item["active"]] == [place]
