"""Homes that CQC has registered twice at once, for two providers: dual registrations.

CQC publishes each as a location, and says in no field that they are one home. Skills for Care, who
count England's homes from the same data, know them by name, postcode and care home, as is done
here. The one that counts has the latest rating; the other names it, and counts on no day on which
that one was registered.
"""

from django.db import connection

# A home that is not registered and of which nobody knows until when it was overlaps with nothing.
_COUNT_ONCE = """
WITH homes AS (
    SELECT l.location_id, l.cqc_provider_id, l.registered_on,
           concat_ws('|', l.name_key, l.local_authority,
                     coalesce(nullif(upper(replace(l.postcode, ' ', '')), ''), l.address)) AS home,
           CASE WHEN l.is_registered AND l.deregistered_on IS NULL
                THEN daterange(l.registered_on, NULL)
                ELSE daterange(least(l.registered_on, l.deregistered_on), l.deregistered_on)
           END * CASE WHEN NOT l.is_registered AND l.deregistered_on IS NULL
                      THEN 'empty'::daterange ELSE '(,)'::daterange END AS registered,
           r.published_on AS rated_on
    FROM ratings_location l
    LEFT JOIN LATERAL (
        SELECT max(published_on) AS published_on FROM ratings_rating
        WHERE location_id = l.location_id AND key_question = 'overall' AND retracted_at IS NULL
          AND superseded_on IS NULL AND inherited_from = ''
    ) r ON true
    WHERE l.is_care_home AND l.name_key <> ''
      AND (l.name_key, l.local_authority) IN (
          SELECT name_key, local_authority FROM ratings_location WHERE is_care_home
          GROUP BY name_key, local_authority HAVING count(*) > 1)
), ranked AS (
    SELECT *, row_number() OVER (
        PARTITION BY home ORDER BY rated_on DESC NULLS LAST, registered_on, location_id) AS place
    FROM homes
), twice AS (
    SELECT DISTINCT ON (b.location_id) b.location_id, a.location_id AS counts_as_id
    FROM ranked b JOIN ranked a ON a.home = b.home AND a.place < b.place
                               AND a.cqc_provider_id <> b.cqc_provider_id
                               AND a.registered && b.registered
    ORDER BY b.location_id, a.place
)
UPDATE ratings_location l SET counts_as_id = t.counts_as_id
FROM ratings_location o LEFT JOIN twice t USING (location_id)
WHERE l.location_id = o.location_id AND l.counts_as_id IS DISTINCT FROM t.counts_as_id
"""


def count_once() -> int:
    """Let each home that is registered twice count once in the comparisons; returns for how many
    locations that changed. Run again, it changes nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_ONCE)
        return int(cursor.rowcount)
