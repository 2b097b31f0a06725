"""As whom pages are asked for: sign-ins of the demonstration, in the order in which their links are
followed.
"""

NOBODY = "nobody"  # who has not signed in
ROLES = ("manager", "officer", "senior", "director", "clerk", "social", "admin", NOBODY)
