"""How any outside API that answers with JSON is asked: how fast, how often again, and what to say
when it fails. No Django in here. `ratings.cqc` and `ratings.fsa` are its two clients.
"""
