-- Run as the owner before `migrate`: a view would hold its table's columns fast. `published.sql` builds all of it again.
DROP SCHEMA IF EXISTS published CASCADE;
