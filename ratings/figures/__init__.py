"""Comparisons of CQC's ratings. Each is one function, true of a day, and gives the rows behind
every number.

A location counts once for each type of service that it gives, by CQC's rating of that service where
there is one, else by the location's own, else by the lowest (`RatedLocation.current_on`).
"""
