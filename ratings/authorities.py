"""Authorities that reorganisation ended, and the names under which CQC lists their locations today.

CQC rewrites a location's authority when its authority changes. A former authority that was divided
is its parts together; one that was joined with others cannot be told apart again and is not here.
"""

FORMER = {
    "Northamptonshire": ("North Northamptonshire", "West Northamptonshire"),  # until April 2021
    "Cumbria": ("Cumberland", "Westmorland and Furness"),  # until April 2023
}


def names_of(authority: str) -> tuple[str, ...]:
    """The names that a location of this authority may bear at CQC, its own first."""
    return (authority, *FORMER.get(authority, ()))
