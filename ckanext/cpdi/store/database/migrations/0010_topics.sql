-- Staff are told of more than runs: each topic of a dataset has a state of its own.
ALTER TABLE cpdi.alert ADD COLUMN topic text NOT NULL DEFAULT 'run';
ALTER TABLE cpdi.alert DROP CONSTRAINT alert_pkey;
ALTER TABLE cpdi.alert ADD PRIMARY KEY (dataset, topic);
