-- The zone of the department whose days and years a table has, and how its profile was named: both of the last run.
ALTER TABLE cpdi.dataset
    ADD COLUMN zone text NOT NULL DEFAULT '',
    ADD COLUMN profile text NOT NULL DEFAULT '';

CREATE OR REPLACE VIEW public._cpdi_version AS
    SELECT name AS dataset, resource_id, version, run, rows, published_at, first_time, last_time,
        left_between <> '{}' AS between_runs, zone
    FROM cpdi.dataset WHERE version IS NOT NULL;
