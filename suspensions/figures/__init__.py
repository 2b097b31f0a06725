"""Suspensions in figures. Exempt matter: a public paper prints counts that are approved one by
one.
"""
