-- The records desk: which records are denied, who approved which rules, and what is still to be purged.
-- No number of a record stands here: keys are keyed hashes, as in the tables of states.

CREATE TABLE cpdi.deny (
    dataset text NOT NULL,
    key bigint NOT NULL,
    since timestamptz NOT NULL,
    why text NOT NULL,
    PRIMARY KEY (dataset, key)
);

-- How often the list was changed. A run locks it with its commit, so that none commits what was denied meanwhile.
CREATE TABLE cpdi.deny_list (changes bigint NOT NULL);
INSERT INTO cpdi.deny_list VALUES (0);

CREATE TABLE cpdi.audit (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    who text NOT NULL,
    action text NOT NULL CHECK (action IN ('deny', 'release', 'replay')),
    dataset text NOT NULL,
    why text NOT NULL,
    keys bigint[] NOT NULL
);

-- Rows that carry the record number of another dataset, as that dataset's key.
CREATE TABLE cpdi.link (
    dataset smallint NOT NULL REFERENCES cpdi.dataset ON DELETE CASCADE,
    key bigint NOT NULL,
    owner text NOT NULL,
    link bigint NOT NULL,
    PRIMARY KEY (dataset, key, owner)
);
CREATE INDEX link_by_number ON cpdi.link (owner, link);

-- Forms of rows that must go from every copy; `removed` once they have left the table, `done` once all copies have.
CREATE TABLE cpdi.purge (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    dataset text NOT NULL,
    cause text NOT NULL CHECK (cause IN ('denied', 'rise', 'rules')),
    asked timestamptz NOT NULL DEFAULT clock_timestamp(),
    removed timestamptz,
    done timestamptz,
    ids integer[],
    years smallint[]
);
CREATE INDEX purge_to_do ON cpdi.purge (dataset, id) WHERE done IS NULL;

-- The rules that the last feed of a dataset came with, and the profile that has them, as it was named.
CREATE TABLE cpdi.proposal (
    dataset text PRIMARY KEY,
    version text NOT NULL,
    profile text NOT NULL,
    profile_version text NOT NULL,
    asked timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE cpdi.approval (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    dataset text NOT NULL,
    version text NOT NULL,
    profile_version text NOT NULL,
    who text NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX approval_by_dataset ON cpdi.approval (dataset, id DESC);

CREATE FUNCTION cpdi.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what is written here stays';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON cpdi.audit FOR EACH ROW EXECUTE FUNCTION cpdi.refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON cpdi.approval FOR EACH ROW EXECUTE FUNCTION cpdi.refuse_change();

-- Rows of a feed that count nowhere else. In cpdi.run, read = published + withheld + quarantined without them.
CREATE TABLE cpdi.run_denied (
    run bigint PRIMARY KEY REFERENCES cpdi.run ON DELETE CASCADE,
    rows bigint NOT NULL
);

CREATE TABLE cpdi.run_share (
    run bigint NOT NULL REFERENCES cpdi.run ON DELETE CASCADE,
    class text NOT NULL,
    year smallint NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('exact', 'coarse', 'waiting', 'withheld')),
    rows bigint NOT NULL,
    PRIMARY KEY (run, class, year, outcome)
);

-- Which rules were approved and when is public; by whom is not.
CREATE VIEW public._cpdi_approval AS
    SELECT DISTINCT ON (dataset) dataset, version, profile_version, at AS approved_at, who = '(demo)' AS by_demo
    FROM cpdi.approval ORDER BY dataset, id DESC;
