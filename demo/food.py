"""Food hygiene ratings of the demonstration's care homes, read from the stand-in as they would be
from the agency.
"""

from datetime import date

from demo.fsa_server.council import establishments
from demo.fsa_server.server import FsaServer
from demo.record import at
from ratings import fsa
from ratings.actions import food
from ratings.api.client import Limits


def load(today: date) -> None:
    """Read the ratings this morning. Some matches stay in doubt, for a person to decide."""
    with (
        FsaServer(establishments()) as server,
        fsa.Client(
            user_agent="carequality demonstration",
            base_url=server.url,
            limits=Limits(per_minute=0),
        ) as client,
    ):
        food.read_food_ratings(client, clock=lambda: at(today, 5, 40))
