-- The wall: all that the process which makes public papers can see and do. Run as the owner after every `migrate`.
--
-- The role carequality_public has no right on the schema `public`. Here it finds views that bear their table's name (its
-- search path is `published`, so the same Python runs on both sides) and functions that give counts and take results.
-- Nothing here shows a suspension, an audit, a concern or unreleased text. Each right is listed in
-- `published_rights.txt`, and a test compares: a new grant is a reviewed change.

DROP SCHEMA IF EXISTS published CASCADE;
CREATE SCHEMA published;
REVOKE ALL ON SCHEMA published FROM PUBLIC;

-- What CQC publishes, and which authorities the council compares itself with. A key is its name folded, to sort by.

CREATE VIEW published.ratings_location WITH (security_barrier) AS
SELECT location_id, cqc_provider_id, name, name_key, brand_name, directorate, is_registered, registered_on,
       deregistered_on, is_dormant, last_inspected_on, is_care_home, beds, local_authority, region, service_types,
       primary_type, counts_as_id
FROM public.ratings_location;

CREATE VIEW published.ratings_rating WITH (security_barrier) AS
SELECT id, location_id, service_group, service_type, key_question, rating, published_on, superseded_on, source,
       inherited_from, learned_at, retracted_at
FROM public.ratings_rating;

CREATE VIEW published.core_regionauthority WITH (security_barrier) AS
SELECT id, name, name_key, since, until FROM public.core_regionauthority;

-- The council's profile as every paper prints it.
CREATE VIEW published.core_councilprofile WITH (security_barrier) AS
SELECT id, name, short_name, is_fictitious, committee_name, team_name, region_name, report_of, signatory_name,
       contact_name, contact_title, contact_department, contact_phone, contact_email, exempt_paragraph,
       exempt_reasoning
FROM public.core_councilprofile;

-- A paper, while a public job of it runs; of its narrative what was released, of its figures the public ones.

CREATE VIEW published.reports_paper WITH (security_barrier) AS
SELECT id, title, committee, meeting_on, as_at, agenda_item, report_of, signatory_name, exempt_paragraph,
       public_interest, version, correction
FROM public.reports_paper paper
WHERE EXISTS (SELECT FROM public.core_job job
              WHERE job.about_label = 'reports.paper' AND job.about_id = paper.id AND job.lane = 'public'
                AND job.kind IN ('reports.figures', 'reports.public') AND job.state = 'running');

CREATE VIEW published.reports_section WITH (security_barrier) AS
SELECT id, paper_id, "order", part, heading, level, body
FROM public.reports_section section
WHERE part <> 'exempt' AND released_at IS NOT NULL
  AND EXISTS (SELECT FROM public.core_job job
              WHERE job.about_label = 'reports.paper' AND job.about_id = section.paper_id AND job.lane = 'public'
                AND job.kind = 'reports.public' AND job.state = 'running');

CREATE VIEW published.reports_frozenfigures WITH (security_barrier) AS
SELECT id, paper_id, side, data, frozen_at
FROM public.reports_frozenfigures figures
WHERE side = 'public'
  AND EXISTS (SELECT FROM public.core_job job
              WHERE job.about_label = 'reports.paper' AND job.about_id = figures.paper_id AND job.lane = 'public'
                AND job.kind = 'reports.public' AND job.state = 'running');

-- How many services are suspended, for the day and the grouping that a person approved by asking for this paper's
-- figures, and only while they are being computed. Counts for any day and any cut would be rows, by subtraction.
CREATE FUNCTION published.suspension_counts(paper bigint)
RETURNS TABLE (care text, client_group text, services bigint, districts text[])
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    day date;
    by_district boolean;
BEGIN
    SELECT p.as_at, p.suspension_grouping = 'type_and_district' INTO day, by_district
    FROM public.reports_paper p
    WHERE p.id = paper AND EXISTS (
        SELECT FROM public.core_job j WHERE j.about_label = 'reports.paper' AND j.about_id = p.id
            AND j.lane = 'public' AND j.kind = 'reports.figures' AND j.state = 'running');
    IF day IS NULL THEN
        RAISE EXCEPTION 'The figures of that paper are not being computed.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN QUERY
    WITH suspended AS (
        SELECT s.id, s.service_id, service.service_type, service.district_id,
               CASE WHEN service.service_type IN ('nursing_home', 'residential_home') THEN 'care_home'
                    ELSE service.service_type END AS care,
               CASE WHEN service.service_type IN ('nursing_home', 'residential_home') THEN service.client_group
                    ELSE '' END AS client_group
        FROM public.suspensions_suspension s
        JOIN public.providers_service service ON service.id = s.service_id
        WHERE s.status IN ('in_force', 'lift_proposed', 'lifted') AND s.in_force_from <= day
          AND (s.lifted_on IS NULL OR s.lifted_on > day)
          AND (service.closed_on IS NULL OR service.closed_on > day)
          AND NOT EXISTS (SELECT FROM public.providers_pastclosure closure WHERE closure.service_id = service.id
                          AND closure.closed_on <= day AND closure.reopened_on > day)
    ), contracted AS (
        -- Home care counts in every district of its suspended contracts.
        SELECT suspended.id, cd.district_id
        FROM suspended
        JOIN public.suspensions_suspension_contracts sc ON sc.suspension_id = suspended.id
        JOIN public.providers_contract_districts cd ON cd.contract_id = sc.contract_id
        WHERE suspended.service_type = 'home_care'
    ), covered AS (
        SELECT suspended.care, suspended.client_group, coalesce(contracted.district_id, suspended.district_id) AS district
        FROM suspended LEFT JOIN contracted ON contracted.id = suspended.id
    ), counted AS (
        -- Distinct services: one with two units suspended counts once.
        SELECT suspended.care, suspended.client_group, count(DISTINCT suspended.service_id) AS services
        FROM suspended GROUP BY suspended.care, suspended.client_group
    )
    SELECT counted.care::text, counted.client_group::text, counted.services,
           CASE WHEN by_district THEN ARRAY(
               SELECT d.name::text FROM public.core_district d
               WHERE d.id IN (SELECT c.district FROM covered c
                              WHERE c.care = counted.care AND c.client_group = counted.client_group)
               ORDER BY d."order", d.name_key
           ) ELSE ARRAY[]::text[] END
    FROM counted ORDER BY counted.care, counted.client_group;
END $$;

-- The public worker's only writes. Of the queue it reaches the lane `public` alone, and there only what is about a paper. A job
-- is handed out with a token; who has lost it can change nothing. `core/jobs/queue.py` explains how a job is claimed and ended.

CREATE FUNCTION published.claim_job(OUT job bigint, OUT paper bigint, OUT kind text, OUT token uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    SELECT j.id INTO job FROM public.core_job j
    WHERE j.lane = 'public' AND j.kind IN ('reports.figures', 'reports.public') AND j.about_label = 'reports.paper'
      AND j.attempts < 3
      AND ((j.state = 'waiting' AND j.next_try_at <= clock_timestamp())
           OR (j.state = 'running' AND j.heard_at < clock_timestamp() - interval '5 minutes'))
    ORDER BY j.next_try_at, j.id LIMIT 1 FOR UPDATE SKIP LOCKED;
    IF job IS NULL THEN
        RETURN;
    END IF;
    UPDATE public.core_job j
    SET state = 'running', attempts = j.attempts + 1, token = gen_random_uuid(), heard_at = clock_timestamp(),
        started_at = coalesce(j.started_at, clock_timestamp()), progress = 0, step = '', error = ''
    WHERE j.id = claim_job.job
    RETURNING j.about_id, j.kind, j.token INTO paper, kind, token;
END $$;

CREATE FUNCTION published.report_progress(job bigint, token uuid, percent integer, step text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE public.core_job j
    SET progress = least(greatest(percent, 0), 99), step = left(report_progress.step, 100),
        heard_at = clock_timestamp()
    WHERE j.id = report_progress.job AND j.token = report_progress.token AND j.state = 'running'
      AND j.lane = 'public';
    RETURN FOUND;
END $$;

-- The figures of a job `reports.figures`, the file of a `reports.public`, or why there is none. False: the job is no longer
-- theirs. What follows for the paper is a job of the app's, inserted here: it could lock the paper, which this may not.
CREATE FUNCTION published.finish_job(job bigint, token uuid, figures jsonb, file bytea, error text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    held public.core_job;
    failed boolean := coalesce(error, '') <> '';
BEGIN
    SELECT * INTO held FROM public.core_job j
    WHERE j.id = finish_job.job AND j.token = finish_job.token AND j.state = 'running'
      AND j.lane = 'public' AND j.about_label = 'reports.paper' FOR UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    IF failed THEN
        NULL;
    ELSIF held.kind = 'reports.figures' THEN
        IF figures IS NULL OR file IS NOT NULL THEN
            RAISE EXCEPTION 'That job ends with figures.';
        END IF;
        INSERT INTO public.reports_frozenfigures (paper_id, side, data, frozen_at)
        VALUES (held.about_id, 'public', figures, clock_timestamp())
        ON CONFLICT (paper_id, side) DO UPDATE SET data = excluded.data, frozen_at = excluded.frozen_at;
    ELSE
        IF file IS NULL OR figures IS NOT NULL THEN
            RAISE EXCEPTION 'That job ends with a file.';
        END IF;
        UPDATE public.reports_paperfile f SET superseded_at = clock_timestamp()
        WHERE f.paper_id = held.about_id AND f.side = 'public' AND f.superseded_at IS NULL;
        INSERT INTO public.reports_paperfile (paper_id, job_id, side, content, sha256, made_at, scan_error)
        VALUES (held.about_id, held.id, 'public', file, encode(sha256(file), 'hex'), clock_timestamp(), '');
    END IF;
    -- What failed would fail again: it is given up at once, and said.
    UPDATE public.core_job j
    SET state = CASE WHEN failed THEN 'given_up' ELSE 'done' END, token = NULL, finished_at = clock_timestamp(),
        given_up_at = CASE WHEN failed THEN clock_timestamp() END,
        error = left(coalesce(finish_job.error, ''), 2000),
        progress = CASE WHEN failed THEN j.progress ELSE 100 END, step = ''
    WHERE j.id = held.id;
    INSERT INTO public.core_job (kind, lane, args, state, attempts, progress, step, error, asked_by_id, about_label,
                                 about_id, only_one, created_at, next_try_at, request_id)
    VALUES ('reports.settle-paper', 'messages', jsonb_build_array(held.id), 'waiting', 0, 0, '', '', held.asked_by_id,
            held.about_label, held.about_id, '', clock_timestamp(), clock_timestamp(), held.request_id);
    RETURN true;
END $$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA published FROM PUBLIC;
GRANT USAGE ON SCHEMA published TO carequality_public;
GRANT SELECT ON ALL TABLES IN SCHEMA published TO carequality_public;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA published TO carequality_public;
