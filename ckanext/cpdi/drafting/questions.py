"""What a records officer still has to decide before a drafted profile may be used, in the order of its importance."""

from __future__ import annotations

from collections.abc import Iterator

from ckanext.cpdi.declare import Text
from ckanext.cpdi.drafting.column_questions import of_columns
from ckanext.cpdi.drafting.draft import Draft
from ckanext.cpdi.drafting.feed_draft import FeedDraft
from ckanext.cpdi.drafting.phrases import phrase, series


def questions(draft: Draft) -> list[Text]:
    """Return the decisions, each in a sentence or two; none of them holds a cell of a feed but a code."""
    asked = [feed.choice.words for feed in draft.feeds if feed.choice]
    asked += _of_department(draft)
    for feed in draft.feeds:
        asked += [_of_dataset(feed, question) for question in _of_feed(feed)]
    asked += [_of_dataset(feed, feed.outlook.words) for feed in draft.feeds if feed.lists or feed.flags]
    return asked


def _of_dataset(feed: FeedDraft, question: Text) -> Text:
    return phrase("{name}: {question}", "{name}: {question}", name=feed.dataset.name, question=question)


def _of_department(draft: Draft) -> Iterator[Text]:
    department = draft.department
    missing = [title for name, title in _TITLES.items() if not getattr(department, name)]
    if missing:
        yield phrase(
            "Who the department is: {missing} under agency, in both languages where two are asked for.",
            "Quién es el departamento: {missing} en agency, en ambos idiomas donde se piden dos.",
            missing=series(missing),
        )
    yield _TERMS
    if not department.boundary:
        yield phrase(
            "The boundary is {ground}, not the city's: take the official one as GeoJSON (--boundary), since points"
            " beyond its surroundings are quarantined.",
            "El límite es {ground}, no el de la ciudad: tome el oficial como GeoJSON (--boundary), pues los puntos más"
            " allá de sus alrededores quedan en cuarentena.",
            ground=draft.ground.words,
        )
    if draft.zone_basis is not None and (draft.state is None or draft.state.more_zones):
        yield phrase(
            "The time zone {zone} is {basis}: confirm it.",
            "La zona horaria {zone} es {basis}: confírmela.",
            zone=draft.zone,
            basis=draft.zone_basis,
        )
    yield Text(
        "The patrol areas, if the department has a map of them: GeoJSON under teams.",
        "Las zonas de patrulla, si el departamento tiene un mapa de ellas: GeoJSON en teams.",
    )


_TITLES = {"agency": Text("agency", "nombre"), "city": Text("city", "ciudad"), "state": Text("state", "estado")}
_TERMS = Text(
    "What the state's law wants beside public records (agency.terms), where records are asked for"
    " (agency.records_request_url), and who answers questions (agency.contact_name, agency.contact_email).",
    "Qué exige la ley del estado junto a los registros públicos (agency.terms), dónde se solicitan registros"
    " (agency.records_request_url) y quién responde preguntas (agency.contact_name, agency.contact_email).",
)


def _of_feed(feed: FeedDraft) -> Iterator[Text]:
    if not feed.lists and not feed.flags:
        yield Text(
            "Nothing in the feed says how sensitive a row is, so that all rows are withheld. Is there a column of"
            " codes? Else say it of all rows alike: default_class.",
            "Nada en el origen dice cuán delicada es una fila, por lo que se retienen todas. ¿Hay una columna de"
            " códigos? Si no, dígalo de todas las filas por igual: default_class.",
        )
    yield from _of_lists(feed)
    for flag in feed.flags:
        yield phrase(
            "The column {header} may say that a row is sensitive: judge each of its values under flags. Until then"
            " every row is withheld.",
            "La columna {header} puede indicar que una fila es delicada: clasifique cada uno de sus valores en flags."
            " Hasta entonces se retienen todas las filas.",
            header=flag.header,
        )
    yield from of_columns(feed)
    yield from _of_key(feed)
    yield from feed.times.doubts
    yield from feed.points.doubts if feed.points else ()
    for words in (*feed.words, *feed.own_words):
        if words.open:
            yield phrase(
                "{n} words of {header} ({column}) stand for nothing yet: the field is empty in their rows until they"
                " stand under values.",
                "{n} palabras de {header} ({column}) aún no significan nada: el campo queda vacío en sus filas hasta"
                " que estén en values.",
                n=len(words.open),
                header=feed.header(words.column),
                column=words.column,
            )


def _of_lists(feed: FeedDraft) -> Iterator[Text]:
    for name, drafted in feed.lists.items():
        if drafted.is_free_text:
            yield phrase(
                "The column {header} ({name}) holds no codes but texts, {n} different ones: no list can be made of it,"
                " and all its rows are withheld. Is there a column of codes in the export?",
                "La columna {header} ({name}) no contiene códigos sino textos, {n} distintos: con ella no se puede"
                " hacer una lista, y se retienen todas sus filas. ¿Hay una columna de códigos en la exportación?",
                header=drafted.header,
                name=name,
                n=drafted.kept_out,
            )
            continue
        yield phrase(
            "Judge the {n} values of {header} ({name}), which {rows} rows have: write a class into each line of its"
            " list. A row with a value that has none is withheld.",
            "Clasifique los {n} valores de {header} ({name}), que tienen {rows} filas: escriba una clase en cada línea"
            " de su lista. Una fila con un valor sin clase se retiene.",
            n=len(drafted.lines),
            header=drafted.header,
            name=name,
            rows=sum(line.rows for line in drafted.lines),
        )
        if drafted.kept_out:
            yield phrase(
                "{n} more values of {header}, of {rows} rows, are not written down: they stand in one row alone, or"
                " look like a person's name or number. Their rows are withheld. `ckan cpdi risk DATASET --feed FILE`"
                " shows them to who may see the export.",
                "Otros {n} valores de {header}, de {rows} filas, no se anotan: están en una sola fila, o parecen el"
                " nombre o el número de una persona. Sus filas se retienen. `ckan cpdi risk DATASET --feed FILE` los"
                " muestra a quien puede ver la exportación.",
                n=drafted.kept_out,
                header=drafted.header,
                rows=drafted.rows_kept_out,
            )


def _of_key(feed: FeedDraft) -> Iterator[Text]:
    key, header = feed.key, feed.header(feed.dataset.rows.key)
    if header and key.repeats:
        yield _of_repeats(feed, header)
    if not header:
        yield _of_missing_number(feed)
    if key.copies:
        yield phrase(
            "{n} rows repeat another row in every column.",
            "{n} filas repiten otra fila en todas las columnas.",
            n=key.copies,
        )
    if feed.pattern:
        yield Text(
            "Does the pattern that stands as a comment under patterns take the department's record numbers, and"
            " nobody's telephone number or date? Then make a line of it.",
            "¿Acepta el patrón que está como comentario en patterns los números de registro del departamento, y ningún"
            " teléfono ni fecha de nadie? Entonces conviértalo en una línea.",
        )


def _of_repeats(feed: FeedDraft, header: str) -> Text:
    columns = feed.key.columns[1:]
    together = Text("")
    if columns:
        names = ", ".join(columns)
        together = phrase(" Together with {names} it is.", " Junto con {names} sí lo es.", names=names)
    return phrase(
        "{header} is not different in every row: {n} rows repeat one before them.{together} Is a row a person, an"
        " officer, a charge? Of rows with one key only the newest is published.",
        "{header} no es distinto en cada fila: {n} filas repiten uno anterior.{together} ¿Es una fila una persona, un"
        " agente, un cargo? De las filas con una misma clave solo se publica la más reciente.",
        header=header,
        n=feed.key.repeats,
        together=together,
    )


def _of_missing_number(feed: FeedDraft) -> Text:
    key, name = feed.key, feed.dataset.rows.key
    hint = feed.matches.hints.get(name)
    if hint is not None and hint.why is not None:
        return phrase(
            "No column has a name of {name}, the number of a record. {header} tells all rows apart: {why}. It is the"
            " key, and a stand-in is shown in its place. If it is the department's own number, and nobody's licence or"
            " account, name it: headers, {name}.",
            "Ninguna columna tiene un nombre de {name}, el número de un registro. {header} distingue todas las filas:"
            " {why}. Es la clave, y en su lugar se muestra un sustituto. Si es el número propio del departamento, y no"
            " una licencia o cuenta de alguien, nómbrela: headers, {name}.",
            name=name,
            header=hint.header,
            why=hint.why,
        )
    if not key.columns:
        return Text(
            "No column is known as the number of a record.",
            "No se conoce ninguna columna como número de un registro.",
        )
    return phrase(
        "No column is known as the number of a record; {columns} would tell all rows apart.",
        "No se conoce ninguna columna como número de un registro; {columns} distinguiría todas las filas.",
        columns=", ".join(key.columns),
    )
