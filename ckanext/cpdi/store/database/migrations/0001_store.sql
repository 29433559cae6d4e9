-- The private half of the store: which table each dataset has, the runs and what became of their rows.
-- One table of states a dataset (cpdi.state_<number>) is made with the dataset's first run.

CREATE TABLE cpdi.dataset (
    number smallint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL UNIQUE,
    resource_id text,
    version text,
    run bigint,
    rows bigint NOT NULL DEFAULT 0,
    published_at timestamptz,
    first_time timestamptz,
    last_time timestamptz,
    -- The last row id that was given; it only grows, so that no id is used twice.
    last_id integer NOT NULL DEFAULT 0
);

CREATE TABLE cpdi.year (
    dataset smallint NOT NULL REFERENCES cpdi.dataset,
    year smallint NOT NULL,
    rows bigint NOT NULL CHECK (rows > 0),
    version text NOT NULL,
    PRIMARY KEY (dataset, year)
);

CREATE TABLE cpdi.run (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    dataset text NOT NULL,
    state text NOT NULL DEFAULT 'running'
        CHECK (state IN ('running', 'published', 'unchanged', 'held', 'failed')),
    started timestamptz NOT NULL DEFAULT now(),
    finished timestamptz,
    feed_label text NOT NULL,
    feed_sha256 text NOT NULL,
    fingerprint text NOT NULL,
    rules_version text NOT NULL,
    profile_version text NOT NULL,
    code_version text NOT NULL,
    version text,
    next_due timestamptz,
    read bigint NOT NULL DEFAULT 0,
    published bigint NOT NULL DEFAULT 0,
    added bigint NOT NULL DEFAULT 0,
    changed bigint NOT NULL DEFAULT 0,
    removed bigint NOT NULL DEFAULT 0,
    unchanged bigint NOT NULL DEFAULT 0,
    withheld bigint NOT NULL DEFAULT 0,
    quarantined bigint NOT NULL DEFAULT 0,
    seconds jsonb NOT NULL DEFAULT '{}',
    peak_mb integer NOT NULL DEFAULT 0,
    message text NOT NULL DEFAULT '',
    CONSTRAINT every_row_has_one_outcome CHECK (
        state NOT IN ('published', 'unchanged') OR read = published + withheld + quarantined
    ),
    CONSTRAINT an_ended_run_has_an_end CHECK ((state = 'running') = (finished IS NULL))
);
CREATE INDEX run_by_dataset ON cpdi.run (dataset, id DESC);
CREATE INDEX run_running ON cpdi.run (dataset) WHERE state = 'running';

CREATE TABLE cpdi.run_reason (
    run bigint NOT NULL REFERENCES cpdi.run ON DELETE CASCADE,
    outcome text NOT NULL CHECK (outcome IN ('withheld', 'quarantined')),
    reason text NOT NULL,
    field text NOT NULL DEFAULT '',
    rows bigint NOT NULL,
    PRIMARY KEY (run, outcome, reason, field)
);

-- Lines of the feed that staff should look at; never their values.
CREATE TABLE cpdi.run_reject (
    run bigint NOT NULL REFERENCES cpdi.run ON DELETE CASCADE,
    line bigint NOT NULL,
    outcome text NOT NULL,
    reason text NOT NULL,
    field text NOT NULL DEFAULT ''
);
CREATE INDEX run_reject_by_run ON cpdi.run_reject (run, line);

CREATE TABLE cpdi.run_class (
    run bigint NOT NULL REFERENCES cpdi.run ON DELETE CASCADE,
    class text NOT NULL,
    rows bigint NOT NULL,
    PRIMARY KEY (run, class)
);
