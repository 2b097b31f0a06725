from core.navigation import register_navigation

register_navigation("Concerns", "concerns:list-concerns", "concerns.view_concern", order=40)
