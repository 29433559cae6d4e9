-- How true the places of a run are, rounded: shares in whole percent (teams in tenths), distances in tens of metres.
CREATE VIEW public._cpdi_place_truth AS
    SELECT id AS run,
        round(100 * (feed #>> '{places,placed}')::numeric / nullif((feed #>> '{places,rows}')::numeric, 0)) AS placed,
        round((feed #>> '{places,median}')::numeric, -1) AS median,
        round((feed #>> '{places,p95}')::numeric, -1) AS p95,
        round(100 * (feed #>> '{places,team_right}')::numeric
            / nullif((feed #>> '{places,team_reported}')::numeric, 0), 1) AS team,
        (feed #>> '{places,measured}')::numeric >= 10 AS measured
    FROM cpdi.run WHERE feed #>> '{places,rows}' IS NOT NULL AND (feed #>> '{places,rows}')::numeric >= 10;
