"""What a planned merge says: its counts, its list for the import's page, and the news for people
(`LocationChange`).
"""

# From worst to best, as in `ratings.cqc.WORST_FIRST`.
RANK = (
    "array_position(ARRAY['inadequate', 'requires_improvement', 'good', 'outstanding']::text[],"
    " {0}::text)"
)

COUNTS = """
    SELECT l.locations_new, l.locations_changed, l.locations_kept,
           r.ratings_new, r.ratings_of_the_past, e.ratings_ended, e.ratings_corrected,
           s.ratings_told_again, s.ratings_set_aside
    FROM (SELECT count(*) FILTER (WHERE is_new) AS locations_new,
                 count(*) FILTER (WHERE NOT is_new AND is_fresh AND is_changed)
                     AS locations_changed,
                 count(*) FILTER (WHERE NOT is_fresh) AS locations_kept
          FROM planned_location) l,
         (SELECT count(*) FILTER (WHERE until IS NULL) AS ratings_new,
                 count(*) FILTER (WHERE until IS NOT NULL) AS ratings_of_the_past
          FROM planned_rating) r,
         (SELECT count(*) FILTER (WHERE has_stood) AS ratings_ended,
                 count(*) FILTER (WHERE NOT has_stood) AS ratings_corrected
          FROM ended_rating) e,
         (SELECT count(*) FILTER (WHERE is_again) AS ratings_told_again,
                 count(*) FILTER (WHERE NOT is_again) AS ratings_set_aside
          FROM set_aside) s
"""

_LIST = (
    "INSERT INTO ratings_filechange (file_import_id, kind, location_id, location_name, what,"
    " before, after)"
)
_WHAT = "concat_ws(': ', NULLIF(r.service_group, ''), r.key_question)"
_FIELDS = ", ".join(
    f"('{label}', l.{field}::text, p.{field}::text)"
    for field, label in {
        "name": "Name",
        "cqc_provider_id": "Provider",
        "brand_name": "Brand",
        "directorate": "Directorate",
        "is_registered": "Registered",
        "registered_on": "Registered on",
        "deregistered_on": "Registration ended on",
        "is_dormant": "Dormant",
        "is_care_home": "Care home",
        "beds": "Beds",
        "address": "Address",
        "postcode": "Postcode",
        "local_authority": "Local authority",
        "region": "Region",
        "service_types": "Service types",
        "specialisms": "Specialisms",
        "last_inspected_on": "Last inspected on",
    }.items()
)

# The list for the page: of each kind the first so many.
LISTS = (
    f"""{_LIST}
        SELECT %(import_id)s, 'location_new', location_id, name, 'Location', '',
               left(concat_ws(', ', NULLIF(local_authority, ''), NULLIF(postcode, '')), 400)
        FROM planned_location WHERE is_new ORDER BY location_id LIMIT %(listed)s""",  # noqa: S608 - names from the code
    f"""{_LIST}
        SELECT %(import_id)s, 'location_changed', p.location_id, p.name, v.what,
               left(COALESCE(v.before, ''), 400), left(COALESCE(v.after, ''), 400)
        FROM (SELECT * FROM planned_location WHERE is_fresh AND is_changed AND NOT is_new
              ORDER BY location_id LIMIT %(listed)s) p
        JOIN ratings_location l USING (location_id)
        CROSS JOIN LATERAL (VALUES {_FIELDS}) AS v (what, before, after)
        WHERE v.before IS DISTINCT FROM v.after LIMIT %(listed)s""",  # noqa: S608 - names from the code
    f"""{_LIST}
        SELECT %(import_id)s, 'rating_new', r.location_id, p.name, {_WHAT}, COALESCE(r.stood, ''),
               concat_ws(' ', r.rating, to_char(r.published_on, 'YYYY-MM-DD'),
                         to_char(r.until, '"to" YYYY-MM-DD'))
        FROM (SELECT * FROM planned_rating
              ORDER BY location_id, service_group, key_question LIMIT %(listed)s) r
        JOIN planned_location p USING (location_id)""",  # noqa: S608 - names from the code
    f"""{_LIST}
        SELECT %(import_id)s, CASE WHEN r.has_stood THEN 'rating_ended' ELSE 'rating_corrected' END,
               r.location_id, p.name, {_WHAT},
               concat_ws(' ', r.rating, to_char(r.published_on, 'YYYY-MM-DD')),
               CASE WHEN r.has_stood THEN to_char(r.ends_on, 'YYYY-MM-DD') ELSE '' END
        FROM (SELECT * FROM ended_rating
              ORDER BY location_id, service_group, key_question LIMIT %(listed)s) r
        JOIN planned_location p USING (location_id)""",  # noqa: S608 - names from the code
    f"""{_LIST}
        SELECT %(import_id)s, 'rating_set_aside', r.location_id, p.name, {_WHAT},
               concat_ws(' ', r.instead, to_char(r.instead_on, 'YYYY-MM-DD')),
               concat_ws(' ', r.rating, to_char(r.published_on, 'YYYY-MM-DD'))
        FROM (SELECT * FROM set_aside WHERE NOT is_again
              ORDER BY location_id, service_group, key_question LIMIT %(listed)s) r
        JOIN planned_location p USING (location_id)""",  # noqa: S608 - names from the code
)

_NEWS = """INSERT INTO ratings_locationchange
        (location_id, kind, service_group, key_question, before, after, happened_on, noticed_at)"""

# An empty value that a file fills is no news, and an address in other words is none: only
# another postcode or authority is.
OF_LOCATIONS = f"""{_NEWS}
    SELECT p.location_id, v.kind, '', '', left(v.before, 400), left(v.after, 400),
           v.happened_on, %(now)s
    FROM planned_location p JOIN ratings_location l USING (location_id)
    CROSS JOIN LATERAL (VALUES
        ('registration_ended', '', '', p.deregistered_on, l.is_registered AND NOT p.is_registered),
        ('registered_again', '', '', p.registered_on, p.is_registered AND NOT l.is_registered),
        ('dormant', '', '', NULL, p.is_dormant AND NOT l.is_dormant),
        ('active_again', '', '', NULL, l.is_dormant AND NOT p.is_dormant),
        ('beds_cut', l.beds::text, p.beds::text, NULL, p.is_registered AND p.beds < l.beds),
        ('beds_added', l.beds::text, p.beds::text, NULL, p.is_registered AND p.beds > l.beds),
        ('types_changed', array_to_string(l.service_types, ', '),
            array_to_string(p.service_types, ', '), NULL,
            cardinality(l.service_types) > 0
            AND NOT (l.service_types @> p.service_types AND l.service_types <@ p.service_types)),
        ('provider_changed', l.cqc_provider_id, p.cqc_provider_id, NULL,
            l.cqc_provider_id <> '' AND l.cqc_provider_id <> p.cqc_provider_id),
        ('name_changed', l.name, p.name, NULL, l.name <> '' AND l.name_key <> p.name_key),
        ('place_changed', concat_ws(', ', l.address, l.postcode, l.local_authority),
            concat_ws(', ', p.address, p.postcode, p.local_authority), NULL,
            (l.postcode <> '' AND replace(l.postcode, ' ', '') <> replace(p.postcode, ' ', ''))
            OR (l.local_authority <> '' AND l.local_authority <> p.local_authority))
    ) AS v (kind, before, after, happened_on, is_so)
    WHERE p.is_fresh AND p.is_changed AND v.is_so
    UNION ALL
    SELECT location_id, 'registered', '', '', '', left(name, 400), registered_on, %(now)s
    FROM planned_location WHERE is_new AND is_registered AND registered_on >= %(new_since)s
"""  # noqa: S608 - names from the code

# A rating is news where it follows another or was published after we last looked; the first file
# brings history in silence.
OF_RATINGS = f"""{_NEWS}
    SELECT r.location_id,
           CASE WHEN r.stood IS NULL OR r.stood = r.rating THEN 'rating_published'
                WHEN {RANK.format("r.rating")} > {RANK.format("r.stood")} THEN 'rating_raised'
                ELSE 'rating_lowered' END,
           r.service_group, r.key_question, COALESCE(r.stood, ''), r.rating, r.published_on, %(now)s
    FROM planned_rating r
    WHERE r.is_fresh AND NOT r.is_new AND r.until IS NULL
      AND (r.stood IS NOT NULL OR r.published_on >= r.read_on)
"""  # noqa: S608 - names from the code
