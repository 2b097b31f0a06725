"""Hints that several forms give."""

# What is recorded of a visit is read by many, and parts of it are published.
NO_NAMES = "Do not name anyone."
POST = "Enter their post, for example registered manager"
FIRST_PLACE = "1 is first"
CODE_RULE = "Use only small letters, numbers and single hyphens"
