from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ratings.actions import food


class Command(BaseCommand):
    help = (
        "Read the food hygiene ratings of the council's care homes from the Food Standards Agency"
        " now, whether or not a week has passed."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        client = food.configured_food_client()
        if client is None:
            raise CommandError(
                "FSA_API_URL is not set. Outside production it has no default, so set it first."
            )
        with client:
            reading = food.read_food_ratings(client)
        if reading is None:
            self.stdout.write(
                "Another process is reading the food hygiene ratings, so this one has stopped."
            )
            return
        if reading.failed_because:
            raise CommandError(reading.failed_because)
        summary = (
            f"{reading.matched} of {reading.homes} care homes matched, {reading.establishments}"
            " establishments"
        )
        self.stdout.write(f"{summary}, {reading.requests} requests. {reading.notes}".strip())
