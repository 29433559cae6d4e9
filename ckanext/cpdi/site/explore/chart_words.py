"""What the explorer's charts say in the browser, as :mod:`ckanext.cpdi.site.explore.words` has it for all of it."""

from __future__ import annotations

from ckanext.cpdi.declare import Text

WORDS = {
    "chart_time_title": Text("Over time", "A lo largo del tiempo"),
    "chart_heat_title": Text("Hour and day of the week", "Hora y día de la semana"),
    "chart_by": Text("By", "Por"),
    "chart_by_usual": Text("what fits", "lo que cabe"),
    "chart_by_day": Text("day", "día"),
    "chart_by_week": Text("week", "semana"),
    "chart_by_month": Text("month", "mes"),
    "chart_by_quarter": Text("quarter", "trimestre"),
    "chart_beside": Text("Beside", "Junto a"),
    "chart_beside_year": Text("same days a year before", "mismos días del año anterior"),
    "chart_beside_before": Text("as many days before", "otros tantos días antes"),
    "chart_beside_none": Text("nothing", "nada"),
    "chart_days_beside": Text("Days beside", "Días comparados"),
    "chart_time_hint": Text(
        "Drag across days, or mark them with Shift and the arrow keys and press Enter, to see those alone.",
        "Arrastre sobre los días, o márquelos con Mayús y las flechas y pulse Intro, para ver solo esos.",
    ),
    "chart_time": Text("{rows}; most in {bin}: {n}.", "{rows}; el máximo, {bin}: {n}."),
    "chart_time_then": Text("{other}: {then} ({change}).", "{other}: {then} ({change})."),
    "chart_time_then_part": Text(
        "{other}, as far as there are any ({days}): {then}, beside {of} now ({change}).",
        "{other}, en la medida en que los hay ({days}): {then}, frente a {of} ahora ({change}).",
    ),
    "chart_bin": Text("{bin}: {rows}.", "{bin}: {rows}."),
    "chart_bin_part": Text("{bin}, not all of it: {rows}.", "{bin}, solo en parte: {rows}."),
    "chart_bin_then": Text("{other}, {days}: {n}.", "{other}, {days}: {n}."),
    "chart_nothing": Text("No rows under this filter.", "Ningún registro con este filtro."),
    "chart_valueless": Text("None of these rows has a value here.", "Ninguno de estos registros tiene aquí un valor."),
    "chart_coarse_in.one": Text(
        "1 row that shows its month only is counted in that month.",
        "1 registro que muestra solo el mes se cuenta en ese mes.",
    ),
    "chart_coarse_in.other": Text(
        "{n} rows that show their month only are counted in that month.",
        "{n} registros que muestran solo el mes se cuentan en ese mes.",
    ),
    "chart_coarse_out.one": Text(
        "Left out: 1 row that shows its month only; by month it is in.",
        "Queda fuera 1 registro que muestra solo el mes; por mes sí se cuenta.",
    ),
    "chart_coarse_out.other": Text(
        "Left out: {n} rows that show their month only; by month they are in.",
        "Quedan fuera {n} registros que muestran solo el mes; por mes sí se cuentan.",
    ),
    "chart_break": Text("{at} · The series breaks on {day}: {text}", "{at} · La serie se interrumpe el {day}: {text}"),
    "chart_gap": Text("Hatched: {days}. {text}", "Rayado: {days}. {text}"),
    "chart_gap_unknown": Text(
        "Hatched: no rows at all, {days}; the department has not said why.",
        "Rayado: ningún registro, {days}; el departamento no ha indicado el motivo.",
    ),
    "chart_across_break": Text(
        "The days that are compared lie on two sides of a break: a difference may come from the way of recording.",
        "Los días comparados están a ambos lados de una interrupción: la diferencia puede deberse al registro.",
    ),
    "chart_across_gap": Text(
        "Some of the days that are compared lie in a gap: fewer rows there are no fewer events.",
        "Algunos de los días comparados están en un vacío: menos registros ahí no significan menos sucesos.",
    ),
    "chart_other": Text("All further values", "Todos los demás valores"),
    "chart_missing": Text("Without a value", "Sin valor"),
    "chart_share": Text("Share", "Proporción"),
    "chart_change": Text("Change", "Cambio"),
    "chart_rate": Text("Per 1,000 people", "Por 1000 habitantes"),
    "chart_by_rate": Text("Per 1,000 people", "Por 1000 habitantes"),
    "chart_rate_base": Text(
        "For each 1,000 people who live there, in these days. Base: the {people} people that the department's file of "
        "areas declares; an area without them has no rate.",
        "Por cada 1000 habitantes, en estos días. Base: los {people} habitantes que declara el archivo de zonas del "
        "departamento; una zona sin ellos no tiene tasa.",
    ),
    "chart_bar": Text("{label} ({n}, {share})", "{label} ({n}, {share})"),
    "chart_bar_rate": Text("{label} ({rate} per 1,000 people)", "{label} ({rate} por 1000 habitantes)"),
    "chart_bars_one": Text("Most: {first}.", "Más: {first}."),
    "chart_bars_two": Text("Most: {first}, then {second}.", "Más: {first}; después {second}."),
    "chart_bar_label": Text("{label}: {rows}, {share}", "{label}: {rows}, {share}"),
    "chart_bar_rate_label": Text("{rate} per 1,000 people", "{rate} por 1000 habitantes"),
    "chart_hint": Text(
        "Press a bar to see its rows alone in all charts, and once more for all rows.",
        "Pulse una barra para ver solo sus registros en todos los gráficos, y otra vez para verlos todos.",
    ),
    "chart_all": Text("Show all", "Mostrar todo"),
    "chart_hour": Text("Hour", "Hora"),
    "chart_cell": Text("{day}, {hour}: {rows}.", "{day}, {hour}: {rows}."),
    "chart_heat": Text(
        "Most on {day} from {hour}: {n}. The day with most: {top} ({n_top}).",
        "Máximo: {day} a las {hour} ({n}). El día con más: {top} ({n_top}).",
    ),
    "chart_hourless.one": Text("Left out: 1 row that shows no hour.", "Queda fuera 1 registro que no muestra la hora."),
    "chart_hourless.other": Text(
        "Left out: {n} rows that show no hour.", "Quedan fuera {n} registros que no muestran la hora."
    ),
    "chart_hourless_none": Text("All of these rows show their hour.", "Todos estos registros muestran la hora."),
    "chart_heat_hint": Text(
        "Press a cell, drag across some, or press an hour or a day to see those alone; once more for all.",
        "Pulse una celda, arrastre sobre varias, o pulse una hora o un día para ver solo eso; otra vez, todo.",
    ),
    "chart_table": Text("Table of these numbers", "Tabla de estas cifras"),
    "chart_save": Text("Save “{title}” as {form}", "Guardar «{title}» como {form}"),
    "chart_source": Text("{title}, version {version} · {address}", "{title}, versión {version} · {address}"),
    "compare_with": Text("Compare these rows with", "Comparar estos registros con"),
    "compare_nothing": Text("nothing", "nada"),
    "compare_year": Text("the same days a year before", "los mismos días del año anterior"),
    "compare_before": Text("as many days before", "otros tantos días antes"),
    "compare_days": Text("other days …", "otros días …"),
    "compare_value": Text("another value: {column} …", "otro valor: {column} …"),
    "compare_from": Text("From", "Desde"),
    "compare_to": Text("To", "Hasta"),
    "compare_which": Text("Which", "Cuál"),
    "compare_all": Text("All: {column}", "Todos: {column}"),
    "compare_difference": Text("Difference", "Diferencia"),
    "compare_time_title": Text("Both over time, first day by first day", "Ambos en el tiempo, desde su primer día"),
    "compare_time_hint": Text(
        "Point at days, or use the arrow keys, to read both.", "Señale días, o use las flechas, para leer ambos."
    ),
    "compare_heat_now": Text("Hours of these rows", "Horas de estos registros"),
    "compare_heat_then": Text("Hours of the others", "Horas de los otros"),
    "weeks_link": Text("Copy the link", "Copiar el enlace"),
    "weeks_title": Text("Week, 28 days and year to date", "Semana, 28 días y año en curso"),
    "weeks_says": Text(
        "Under the filter without its period: rows that show their hour and are events of their own, beside the year "
        "before. Week and 28 days have the same days of the week, 364 days before; the year has the same dates.",
        "Con el filtro, sin su período: registros que muestran la hora y son sucesos propios, junto al año anterior. "
        "La semana y los 28 días tienen los mismos días de la semana, 364 días antes; el año, las mismas fechas.",
    ),
    "weeks_until": Text("Until", "Hasta"),
    "weeks_week": Text("Week", "Semana"),
    "weeks_28_days": Text("28 days", "28 días"),
    "weeks_year": Text("Year to date", "Año en curso"),
    "weeks_all": Text("All", "Todos"),
    "weeks_late": Text(
        "Rows have come out up to {day}: later days are not whole yet.",
        "Hay registros hasta el {day}: los días posteriores aún no están completos.",
    ),
    "weeks_early": Text(
        "The table begins on {day}: it has nothing to compare with where a dash stands.",
        "La tabla comienza el {day}: donde hay una raya no tiene con qué comparar.",
    ),
}
