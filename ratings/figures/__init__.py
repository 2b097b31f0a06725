"""Comparisons of CQC's ratings. Each is one function, true of a day, and says the rows behind every
number.
"""
