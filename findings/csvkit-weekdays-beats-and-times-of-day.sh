#!/usr/bin/env bash
# csvkit makes days of the year 1 of weekdays, and lengths of time of beats and times of day.
#
# Its tools read types off a column, and agate behind them knows words and units: a column of Monday and Sunday holds
# 8 and 7 January of the year 1, beats `1S` and `2M` are a second and two minutes, 14:05 is fourteen minutes and five
# seconds, and precincts `1E2` are a number. csvjson and csvsql --query pass that on as data, with nothing said.
# What follows for whoever counts our files with it: -I, or --no-inference, leaves every cell as it is.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q "csvkit==2.2.0" "agate==1.14.2" 2>"$work/pip.log" || { cat "$work/pip.log" >&2; exit 2; }
cd "$work"
printf 'weekday,beat,dispatched,precinct\nMonday,1S,14:05,1E2\nSunday,2M,01:30,3E4\n' >calls.csv
echo "csvkit $("$work/venv/bin/pip" list 2>/dev/null | awk '$1 == "csvkit" {print $2}'), calls.csv:"
cat calls.csv
guessed=$("$work/venv/bin/csvjson" calls.csv)
plain=$("$work/venv/bin/csvjson" -I calls.csv)
counted=$("$work/venv/bin/csvsql" --query 'SELECT weekday, count(*) AS calls FROM calls GROUP BY weekday' calls.csv | tr '\n' ' ')
echo "csvjson: $guessed"
echo "csvjson -I: $plain"
echo "csvsql: $counted"
[[ $guessed == *'"0001-01-08", "beat": "0:00:01", "dispatched": "0:14:05", "precinct": 100.0'* ]]
[[ $plain == *'"Monday", "beat": "1S", "dispatched": "14:05", "precinct": "1E2"'* && $counted == *"0001-01-07,1 0001-01-08,1"* ]]
# Seen:
#   csvkit 2.2.0, calls.csv:
#   weekday,beat,dispatched,precinct
#   Monday,1S,14:05,1E2
#   Sunday,2M,01:30,3E4
#   csvjson: [{"weekday": "0001-01-08", "beat": "0:00:01", "dispatched": "0:14:05", "precinct": 100.0}, {"weekday": "0001-01-07", "beat": "0:02:00", "dispatched": "0:01:30", "precinct": 30000.0}]
#   csvjson -I: [{"weekday": "Monday", "beat": "1S", "dispatched": "14:05", "precinct": "1E2"}, {"weekday": "Sunday", "beat": "2M", "dispatched": "01:30", "precinct": "3E4"}]
#   csvsql: weekday,calls 0001-01-07,1 0001-01-08,1
