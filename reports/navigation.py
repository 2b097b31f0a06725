from core.navigation import register_navigation

register_navigation("Papers", "reports:list-papers", "reports.view_paper", order=70)
