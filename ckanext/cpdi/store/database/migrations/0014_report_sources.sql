-- What the sources of a series gave at their last run: so that a file that is known and has not changed is not fetched.

-- The address is a keyed hash, since an address may have secrets.
CREATE TABLE cpdi.report_source (
    series text NOT NULL,
    address text NOT NULL,
    file_name text NOT NULL,
    sha256 text NOT NULL,
    size bigint NOT NULL,
    etag text NOT NULL DEFAULT '',
    last_modified text NOT NULL DEFAULT '',
    -- A hash of the address that gave both, after all redirects.
    version_address text NOT NULL DEFAULT '',
    fetched timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (series, address)
);

-- A report that a run received and has not yet recorded is looked for by its absence here.
CREATE INDEX report_file_report ON cpdi.report_file (report) WHERE report IS NOT NULL;
