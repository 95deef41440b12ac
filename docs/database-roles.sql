-- Three roles instead of one that may do everything. Run it once, as a superuser or the owner of the database, in the
-- database of Quittance; then give each role its password (\password quittance_app) or its certificate.
-- https://www.postgresql.org/docs/current/ddl-priv.html

-- Migrations, and `ops verify`, which makes a schema of its own for as long as it runs.
CREATE ROLE quittance_owner LOGIN;
-- Projectors, and the other commands of operators: they read and write rows, and change no table.
CREATE ROLE quittance_app LOGIN;
-- People and dashboards that ask questions. It sees numbers and texts of people: give it to few.
CREATE ROLE quittance_reader LOGIN;

DO $$
BEGIN
  EXECUTE format('GRANT CREATE ON DATABASE %I TO quittance_owner', current_database());
  -- Only those below may connect at all.
  EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO quittance_owner, quittance_app, quittance_reader', current_database());
END $$;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO quittance_owner;
GRANT USAGE ON SCHEMA public TO quittance_app, quittance_reader;

-- Tables that migrations make from now on.
ALTER DEFAULT PRIVILEGES FOR ROLE quittance_owner IN SCHEMA public
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO quittance_app;
ALTER DEFAULT PRIVILEGES FOR ROLE quittance_owner IN SCHEMA public GRANT SELECT ON TABLES TO quittance_reader;

-- Tables that are there already, because one role did everything so far.
DO $$
DECLARE
  relation record;
BEGIN
  FOR relation IN
    SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p', 'v')
  LOOP
    EXECUTE format('ALTER TABLE public.%I OWNER TO quittance_owner', relation.name);
  END LOOP;
END $$;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO quittance_app;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO quittance_reader;
