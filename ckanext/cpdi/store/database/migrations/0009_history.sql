-- What the history of a table may tell, and what it must not.

ALTER TABLE cpdi.dataset
    -- Rows that left between two runs, by year ('' for rows without a time): the next run tells of them as its own.
    ADD COLUMN left_between jsonb NOT NULL DEFAULT '{}',
    -- Which database the last run was in: another one is a restored copy, in which ids would be given once more.
    ADD COLUMN home text NOT NULL DEFAULT '';

CREATE OR REPLACE VIEW public._cpdi_version AS
    SELECT name AS dataset, resource_id, version, run, rows, published_at, first_time, last_time,
        left_between <> '{}' AS between_runs
    FROM cpdi.dataset WHERE version IS NOT NULL;

-- A row whose class rose waits like one whose time after closing runs: which of the two it is would point at the row that
-- left the table in that night.
CREATE OR REPLACE VIEW public._cpdi_reason AS
    SELECT run, outcome, CASE WHEN reason IN ('embargo', 'class_rise') THEN 'waiting' ELSE reason END AS reason, field, rows
    FROM cpdi.run_reason;

-- The machine's clock when a run began: {at: instant, boot: its start, counted: seconds since then}. Private.
ALTER TABLE cpdi.run ADD COLUMN clock jsonb;
