-- What changed since: which rows moved with which version, and what people should know of it.

-- The versions that a copy can be brought up to date from. A table that is built anew starts again.
CREATE TABLE cpdi.version (
    dataset smallint NOT NULL REFERENCES cpdi.dataset ON DELETE CASCADE,
    version text NOT NULL,
    published_at timestamptz NOT NULL,
    PRIMARY KEY (dataset, version)
);

-- Rows that were added, changed or taken away after the oldest of those versions; the rows of a first load are not here.
-- A copy from before "at" lacks the change. It is the version's instant, or later where that would tell too much: the
-- end of the week or of the month. Ids are not used twice, so that a row has one line. No key into cpdi.dataset, which
-- would be looked up for every row.
CREATE TABLE cpdi.change (
    dataset smallint NOT NULL,
    id integer NOT NULL,
    at timestamptz NOT NULL,
    gone boolean NOT NULL,
    PRIMARY KEY (dataset, id)
);
CREATE INDEX change_by_time ON cpdi.change (dataset, at);

-- How many rows of a past year changed, by week, which ends at "at".
CREATE TABLE cpdi.correction (
    dataset smallint NOT NULL REFERENCES cpdi.dataset ON DELETE CASCADE,
    year smallint NOT NULL,
    at timestamptz NOT NULL,
    rows bigint NOT NULL,
    PRIMARY KEY (dataset, year, at)
);

-- What the change log says of a version: facts, from which each language makes its sentence.
CREATE TABLE cpdi.notice (
    dataset smallint NOT NULL REFERENCES cpdi.dataset ON DELETE CASCADE,
    at timestamptz NOT NULL,
    kind text NOT NULL CHECK (kind IN ('first', 'schema', 'rules')),
    version text NOT NULL,
    facts jsonb NOT NULL,
    PRIMARY KEY (dataset, at, kind)
);

-- The form that the table's rows had last: schema version, fields, rules, profile.
ALTER TABLE cpdi.dataset ADD COLUMN form jsonb;

INSERT INTO cpdi.version (dataset, version, published_at)
    SELECT number, version, published_at FROM cpdi.dataset WHERE version IS NOT NULL;
INSERT INTO cpdi.notice (dataset, at, kind, version, facts)
    SELECT number, published_at, 'first', version, jsonb_build_object('rows', rows)
    FROM cpdi.dataset WHERE version IS NOT NULL;

CREATE VIEW public._cpdi_published AS
    SELECT dataset.name AS dataset, version.version, version.published_at
    FROM cpdi.version AS version JOIN cpdi.dataset AS dataset ON dataset.number = version.dataset;

-- A removal is seen once its week is over.
CREATE VIEW public._cpdi_change AS
    SELECT dataset.name AS dataset, change.id, change.at, change.gone
    FROM cpdi.change AS change JOIN cpdi.dataset AS dataset ON dataset.number = change.dataset
    WHERE NOT change.gone OR change.at <= now();

-- Rounded, and not before the week is over: a single row that left shall not be told from others.
CREATE VIEW public._cpdi_correction AS
    SELECT dataset.name AS dataset, correction.year, correction.at,
        greatest(10, round(correction.rows::numeric, -1))::bigint AS rows
    FROM cpdi.correction AS correction JOIN cpdi.dataset AS dataset ON dataset.number = correction.dataset
    WHERE correction.at <= now();

CREATE VIEW public._cpdi_notice AS
    SELECT dataset.name AS dataset, notice.at, notice.kind, notice.version, notice.facts
    FROM cpdi.notice AS notice JOIN cpdi.dataset AS dataset ON dataset.number = notice.dataset;

-- What stands for the rules and places that a table's rows were masked by: where it changes, frozen years are looked at.
CREATE VIEW public._cpdi_form AS
    SELECT name AS dataset, md5(form ->> 'rules') AS rules FROM cpdi.dataset WHERE form IS NOT NULL;
