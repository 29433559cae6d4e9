-- What the read role sees of the store. A view reads with its owner's rights, so that the role needs none on cpdi.
-- Names begin with _ so that CKAN takes them for no DataStore table.

CREATE VIEW public._cpdi_version AS
    SELECT name AS dataset, resource_id, version, run, rows, published_at, first_time, last_time
    FROM cpdi.dataset WHERE version IS NOT NULL;

CREATE VIEW public._cpdi_year AS
    SELECT dataset.name AS dataset, year.year, year.rows, year.version
    FROM cpdi.year AS year JOIN cpdi.dataset AS dataset ON dataset.number = year.dataset;

-- The message is for staff, and the checksum tells who has the feed: neither stands here.
CREATE VIEW public._cpdi_run AS
    SELECT id, dataset, state, started, finished, feed_label, rules_version, profile_version, code_version, version,
        read, published, added, changed, removed, unchanged, withheld, quarantined, seconds, peak_mb
    FROM cpdi.run;

CREATE VIEW public._cpdi_reason AS
    SELECT run, outcome, reason, field, rows FROM cpdi.run_reason;

CREATE VIEW public._cpdi_class AS
    SELECT run, class, rows FROM cpdi.run_class;
