from core.navigation import register_navigation

register_navigation("Council", "council", "core.change_councilprofile", order=90)
register_navigation("People", "list-people", "core.change_user", order=95)
