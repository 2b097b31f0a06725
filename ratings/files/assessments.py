"""Ratings of a whole location beside those of its services, key question by key question: the
latest published holds, and what is set aside is listed.

CQC rates a location by an inspection, or since 2024 its services by an assessment, and prints both
in one file long after one of them has ended the other. So an assessment of a service ends the
rating of the whole location before it, and a rating of the whole location ends the assessments
before it. Two lines of one fact are one rating: CQC tells an assessment of a service again for the
whole location, in the same word, on its day or within the weeks after.
"""

# Days within which the same word for the whole location is the assessment told again.
TOLD_AGAIN = 92

_AGAIN = f"""(a.published_on = {{0}}.published_on
              OR (a.rating = {{0}}.rating
                  AND {{0}}.published_on - a.published_on BETWEEN 0 AND {TOLD_AGAIN}))"""
# The first day on which a rating of the whole location no longer held; its own day where it is no
# rating of its own.
_ENDS = f"""CASE WHEN bool_or({_AGAIN}) THEN {{0}}.published_on
                 ELSE min(a.published_on) FILTER (WHERE a.published_on > {{0}}.published_on) END"""
_OF_WHOLE = "{0}.service_group = '' AND {0}.source = 'inspection'"

# The assessments of the locations of the file: of each service the latest that the file tells, and
# those that we hold.
ASSESSED = """
    SELECT location_id, key_question, service_group, rating, published_on
    FROM (SELECT DISTINCT ON (location_id, service_group, key_question)
                 location_id, key_question, service_group, rating, published_on
          FROM staged_rating WHERE source = 'assessment'
          ORDER BY location_id, service_group, key_question, {last_and_lowest}) s
    UNION
    SELECT r.location_id, r.key_question, r.service_group, r.rating, r.published_on
    FROM ratings_rating r JOIN planned_location p USING (location_id)
    WHERE r.retracted_at IS NULL AND r.superseded_on IS NULL AND r.source = 'assessment'
      AND r.service_group <> ''
"""

# A rating of the whole location ends by the next assessment.
WHOLE_ENDED = f"""
    UPDATE planned_rating u SET until = e.until FROM (
        SELECT w.id, {_ENDS.format("w")} AS until
        FROM planned_rating w JOIN assessed a USING (location_id, key_question)
        WHERE {_OF_WHOLE.format("w")} AND w.is_fresh GROUP BY w.id, w.published_on
    ) e WHERE e.id = u.id
"""  # noqa: S608 - of constants

# What holds on no day: of one day the assessment, in whatever word. The same word is no other fact.
NO_RATING = """
    SELECT w.location_id, w.service_group, w.key_question, w.rating, w.published_on,
           a.rating AS instead, a.published_on AS instead_on, a.rating = w.rating AS is_again
    FROM planned_rating w
    JOIN LATERAL (SELECT a.rating, a.published_on FROM assessed a
                  WHERE a.location_id = w.location_id AND a.key_question = w.key_question
                    AND a.published_on <= w.published_on
                  ORDER BY a.rating = w.rating DESC, a.published_on DESC LIMIT 1) a ON true
    WHERE w.until <= w.published_on
"""

# What holds of the whole location besides: planned, or held and not ended by an assessment.
WHOLE = f"""
    SELECT location_id, key_question, published_on, rating, is_planned FROM (
        SELECT w.location_id, w.key_question, w.published_on, w.rating, true AS is_planned
        FROM planned_rating w WHERE {_OF_WHOLE.format("w")} AND w.is_fresh
          AND (w.location_id, w.key_question) IN (SELECT location_id, key_question FROM assessed)
        UNION ALL
        SELECT r.location_id, r.key_question, r.published_on, r.rating, false
        FROM ratings_rating r
        WHERE r.retracted_at IS NULL AND r.superseded_on IS NULL AND {_OF_WHOLE.format("r")}
          AND (r.location_id, r.key_question) IN (SELECT location_id, key_question FROM assessed)
    ) w
    WHERE NOT EXISTS (SELECT FROM assessed a
                      WHERE a.location_id = w.location_id AND a.key_question = w.key_question
                        AND {_AGAIN.format("w")})
"""  # noqa: S608 - of constants

# An assessment ends by the next rating of the whole location.
ASSESSMENT_ENDED = """
    UPDATE planned_rating u SET until = e.until FROM (
        SELECT a.id, min(w.published_on) AS until
        FROM planned_rating a JOIN whole w USING (location_id, key_question)
        WHERE a.source = 'assessment' AND a.is_fresh AND w.published_on > a.published_on
        GROUP BY a.id
    ) e WHERE e.id = u.id
"""

# What we hold and the file's assessments, or its ratings of the whole location, end.
HELD_ENDED = f"""
    SELECT h.id, {_ENDS.format("h")} AS ends_on
    FROM held h JOIN assessed a USING (location_id, key_question)
    JOIN planned_location p USING (location_id)
    WHERE p.is_fresh AND h.superseded_on IS NULL AND {_OF_WHOLE.format("h")}
    GROUP BY h.id, h.published_on
    UNION ALL
    SELECT h.id, min(w.published_on)
    FROM held h JOIN whole w USING (location_id, key_question)
    WHERE w.is_planned AND h.superseded_on IS NULL AND h.source = 'assessment'
      AND h.service_group <> '' AND w.published_on > h.published_on
    GROUP BY h.id
"""  # noqa: S608 - of constants

# Whether a held rating `h` is what came after the planned `w`, of another group than its own.
FOLLOWS = f"""
    ((w.service_group = '' AND w.source = 'inspection' AND h.source = 'assessment')
     OR (w.source = 'assessment' AND {_OF_WHOLE.format("h")}
         AND NOT (h.rating = w.rating AND h.published_on - w.published_on <= {TOLD_AGAIN})))
"""

# Several that the file prints for one key question: all but the one that is taken, unless they say
# the same.
REPEATED = """
    SELECT DISTINCT s.location_id, s.service_group, s.key_question, s.rating, s.published_on,
           t.rating AS instead, t.published_on AS instead_on, false AS is_again
    FROM staged_rating s JOIN taken t USING (location_id, service_group, key_question)
    WHERE (s.rating, s.published_on) <> (t.rating, t.published_on)
"""
