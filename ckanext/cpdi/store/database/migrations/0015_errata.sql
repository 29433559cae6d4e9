-- Errors in the data that people reported: what everybody may see of a report, and apart from it what they wrote.

CREATE TABLE cpdi.erratum (
    number integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- Empty: the portal itself.
    dataset text NOT NULL DEFAULT '',
    -- The department's day: the time of day is nobody's business.
    received_on date NOT NULL,
    state text NOT NULL,
    -- Both are staff's own words, in `language`.
    summary text NOT NULL DEFAULT '',
    answer text NOT NULL DEFAULT '',
    language text NOT NULL,
    changed timestamptz NOT NULL,
    changed_by text NOT NULL DEFAULT '',
    answered timestamptz
);
CREATE INDEX erratum_open ON cpdi.erratum (number) WHERE answered IS NULL;

-- What a visitor wrote, for staff alone. The row goes some days after the answer, with all that it has.
CREATE TABLE cpdi.erratum_letter (
    number integer PRIMARY KEY REFERENCES cpdi.erratum ON DELETE CASCADE,
    received timestamptz NOT NULL DEFAULT now(),
    about text NOT NULL,
    text text NOT NULL,
    address text NOT NULL
);

CREATE VIEW public._cpdi_erratum AS
    SELECT number, dataset, received_on, state, summary, answer, language, changed FROM cpdi.erratum;
