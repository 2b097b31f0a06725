-- What each role may do in the schema. Run as the owner after every `migrate`; safe to run again.
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO carequality_app, carequality_backup;
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM carequality_app, carequality_public;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO carequality_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO carequality_app;
REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM carequality_app;
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO carequality_app;

-- The event record is append-only: the triggers refuse everyone, the rights refuse the app before that.
REVOKE UPDATE, DELETE ON core_event FROM carequality_app;
