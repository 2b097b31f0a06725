from core.navigation import register_navigation

register_navigation("Ratings", "ratings:changes", "ratings.view_location", order=60)
