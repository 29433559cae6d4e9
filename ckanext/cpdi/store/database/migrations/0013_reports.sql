-- The archive of reports: each edition of each period of a series, the text of its pages, and what was noticed in it.

-- What readers cached goes with the number, which every change of what is published raises.
CREATE TABLE cpdi.report_series (
    series text PRIMARY KEY,
    version bigint NOT NULL DEFAULT 0,
    changed timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE cpdi.report (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    series text NOT NULL,
    state text NOT NULL CHECK (state IN ('held', 'published', 'withdrawn')),
    -- A held report may have no period yet; its edition is counted when it is published.
    period_start date,
    period_end date,
    edition smallint CHECK (edition > 0),
    -- Of the editions of a period, the one that stands for it.
    present boolean NOT NULL DEFAULT false,
    -- The name and the checksum of the file as it came are for staff.
    file_name text NOT NULL,
    sha256 text NOT NULL,
    clean_sha256 text NOT NULL,
    size bigint NOT NULL,
    pages integer NOT NULL CHECK (pages > 0),
    tagged boolean NOT NULL,
    language text NOT NULL,
    run bigint REFERENCES cpdi.run,
    received timestamptz NOT NULL DEFAULT now(),
    published timestamptz,
    decided_by text NOT NULL DEFAULT '',
    note text NOT NULL DEFAULT '',
    UNIQUE (series, sha256),
    UNIQUE (series, period_end, edition),
    CHECK ((period_start IS NULL) = (period_end IS NULL) AND period_start <= period_end),
    CHECK (state <> 'published' OR (edition IS NOT NULL AND period_end IS NOT NULL AND published IS NOT NULL)),
    CHECK (state = 'published' OR NOT present)
);
CREATE UNIQUE INDEX report_present ON cpdi.report (series, period_end) WHERE present;
CREATE INDEX report_held ON cpdi.report (series) WHERE state = 'held';

CREATE TABLE cpdi.report_page (
    report uuid NOT NULL REFERENCES cpdi.report ON DELETE CASCADE,
    page integer NOT NULL CHECK (page > 0),
    text text NOT NULL,
    origin text NOT NULL CHECK (origin IN ('text', 'ocr', 'none')),
    words tsvector NOT NULL,
    PRIMARY KEY (report, page)
);
CREATE INDEX report_page_words ON cpdi.report_page USING gin (words);

-- What was noticed: for staff alone, and only as long as they have not decided.
CREATE TABLE cpdi.report_finding (
    report uuid NOT NULL REFERENCES cpdi.report ON DELETE CASCADE,
    number integer NOT NULL,
    page integer NOT NULL,
    kind text NOT NULL,
    box real[] NOT NULL DEFAULT '{}',
    excerpt text NOT NULL DEFAULT '',
    holds boolean NOT NULL,
    PRIMARY KEY (report, number)
);

-- What became of each file of a run.
CREATE TABLE cpdi.report_file (
    run bigint NOT NULL REFERENCES cpdi.run ON DELETE CASCADE,
    number integer NOT NULL,
    file_name text NOT NULL,
    sha256 text NOT NULL DEFAULT '',
    outcome text NOT NULL CHECK (outcome IN ('published', 'unchanged', 'withheld', 'quarantined')),
    reason text NOT NULL DEFAULT '',
    -- A sentence for staff.
    words text NOT NULL DEFAULT '',
    report uuid REFERENCES cpdi.report ON DELETE SET NULL,
    PRIMARY KEY (run, number)
);
CREATE INDEX report_file_refused ON cpdi.report_file (sha256) WHERE outcome = 'quarantined';

CREATE VIEW public._cpdi_report_series AS
    SELECT series, version, changed FROM cpdi.report_series;

CREATE VIEW public._cpdi_report AS
    SELECT id, series, period_start, period_end, edition, present, clean_sha256, size, pages, tagged, language, published
    FROM cpdi.report WHERE state = 'published';

CREATE VIEW public._cpdi_report_page AS
    SELECT page.report, page.page, page.text, page.origin, page.words,
        report.series, report.period_start, report.period_end, report.edition, report.present, report.language
    FROM cpdi.report_page AS page JOIN cpdi.report AS report ON report.id = page.report
    WHERE report.state = 'published';
