from core.navigation import register_navigation

register_navigation("Audits", "audits:list-visits", "audits.view_visit", order=30)
