from core.navigation import register_navigation

register_navigation("Today", "oversight:today", order=10)
register_navigation("Services", "oversight:list-services", "providers.view_service", order=20)
