"""How people are named in what is recorded of a visit."""

# Notes, answers and feedback are read by many and may be disclosed.
NO_NAMES = "Write Person A or Person B, not a name."
