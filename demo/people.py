"""Who may sign in to the demonstration, and with what."""

from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from core.models import User

PASSWORD = "fictitious-council"  # noqa: S105 - printed on the terminal; it opens a demonstration on the loopback interface


@dataclass(frozen=True)
class DemoPerson:
    username: str
    group: str
    first_name: str
    last_name: str
    job_title: str

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"


PEOPLE = (
    DemoPerson(
        "manager", "Manager", "Amara", "Quillholt", "Group Manager, Quality and Market Management"
    ),
    DemoPerson("manager2", "Manager", "Jonah", "Thimblewick", "Team Manager, Community Services"),
    DemoPerson("manager3", "Manager", "Rhona", "Embercroft", "Team Manager, Care Homes"),
    DemoPerson(
        "senior", "Senior officer", "Dev", "Lanternmere", "Senior Quality Monitoring Officer"
    ),
    DemoPerson(
        "senior2", "Senior officer", "Carys", "Pebbleworth", "Senior Quality Monitoring Officer"
    ),
    DemoPerson("officer", "Officer", "Leila", "Spindlebourne", "Quality Monitoring Officer"),
    DemoPerson("officer2", "Officer", "Samir", "Ribbonstead", "Quality Monitoring Officer"),
    DemoPerson("officer3", "Officer", "Gwen", "Saffrongarth", "Quality Monitoring Officer"),
    DemoPerson("officer4", "Officer", "Oren", "Marblecombe", "Quality Monitoring Officer"),
    DemoPerson(
        "director",
        "Signatory",
        "Verity",
        "Candleworth",
        "Corporate Director, Adult Social Care and Health",
    ),
    DemoPerson(
        "monitoring",
        "Signatory",
        "Magnus",
        "Inkwellden",
        "Monitoring Officer and Head of Legal Services",
    ),
    DemoPerson("clerk", "Committee clerk", "Priya", "Buttonmere", "Democratic Services Officer"),
    DemoPerson("social", "Practitioner", "Yusuf", "Teaselfen", "Social Worker"),
    DemoPerson("admin", "Administrator", "Zora", "Whistleleaze", "Systems Administrator"),
)


class Staff:
    """The people of the demonstration, by their part in its story."""

    def __init__(self, by_username: dict[str, User]) -> None:
        self.managers = [by_username[name] for name in ("manager", "manager2", "manager3")]
        self.seniors = [by_username[name] for name in ("senior", "senior2")]
        self.officers = [
            by_username[name] for name in ("officer", "officer2", "officer3", "officer4")
        ]
        self.director = by_username["director"]
        self.monitoring_officer = by_username["monitoring"]
        self.clerk = by_username["clerk"]
        self.administrator = by_username["admin"]


def load() -> Staff:
    """Make the people, each in the one group of their post."""
    groups = {group.name: group for group in Group.objects.all()}
    # One hash for all: it is the same published password, and hashing is slow on purpose.
    hashed = make_password(PASSWORD)
    made = {}
    for number, person in enumerate(PEOPLE):
        user = User.objects.create(
            username=person.username,
            password=hashed,
            first_name=person.first_name,
            last_name=person.last_name,
            email=f"{person.username}@example.test",
            job_title=person.job_title,
            phone=f"01632 960{100 + number}",
        )
        user.groups.add(groups[person.group])
        made[person.username] = user
    return Staff(made)
