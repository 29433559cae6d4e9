"""What a map says, in the reader's language; ``{n}`` and the like are filled in the browser."""

from __future__ import annotations

from ckanext.cpdi.declare import Text

WORDS = {
    "map": Text(
        "Map. Arrow keys move it, plus and minus change its scale, Enter says what is at its centre.",
        "Mapa. Las flechas lo mueven, más y menos cambian la escala, Intro dice qué hay en el centro.",
    ),
    "none": Text(
        "No {many} in the part of the map that is shown.",
        "No hay {many} en la parte visible del mapa.",
    ),
    "in_view": Text("{rows} in the part of the map that is shown.", "{rows} en la parte visible del mapa."),
    "rows": Text("The {n} {many} in view", "{many} a la vista: {n}"),
    "first_rows": Text("{shown} of the {n} {many} in view", "{many} a la vista: {shown} de {n}"),
    "before": Text("Previous", "Anterior"),
    "after": Text("Next", "Siguiente"),
    "show": Text("Show", "Mostrar"),
    "show_row": Text("Show this row on the map", "Mostrar esta fila en el mapa"),
    "nth": Text("{i} of {n} here", "{i} de {n} aquí"),
    "close": Text("Close", "Cerrar"),
    "nothing_here": Text("Nothing at the centre of the map.", "Nada en el centro del mapa."),
    "cell": Text("{rows} in this cell. Zoom in to see each.", "{rows} en esta celda. Acérquese para ver cada una."),
    "capped": Text(
        "Only {shown} of {total} {many} are drawn in a part of this map: zoom in to see all.",
        "En una parte de este mapa solo se dibujan {shown} de {total} {many}: acérquese para ver todas las filas.",
    ),
    "closer": Text("Zoom in here", "Acercar aquí"),
    "whole": Text("Whole area", "Toda el área"),
    "other": Text("Other categories", "Otras categorías"),
    "in_a_cell": Text("{many} in a cell", "{many} por celda"),
    "circles": Text(
        "The larger a circle, the more {many} at its place. It has the colour of the most frequent category there.",
        "Cuanto mayor es un círculo, más {many} hay en su lugar. Tiene el color de la categoría más frecuente allí.",
    ),
    "and_more": Text("{n} and more", "{n} o más"),
    "to": Text("{a} to {b}", "{a} a {b}"),
    "all": Text("Show all", "Mostrar todo"),
    "outline": Text("City boundary", "Límite de la ciudad"),
    "team": Text("Team", "Equipo"),
    "places": Text("Areas that points stand for", "Áreas que representan los puntos"),
    "extent": Text("Extent of the dataset", "Extensión del conjunto de datos"),
    "yes": Text("yes", "sí"),
    "no": Text("no", "no"),
    "no_drawing": Text(
        "This browser cannot draw the map. The table has the same rows.",
        "Este navegador no puede dibujar el mapa. La tabla tiene las mismas filas.",
    ),
    "no_points": Text(
        "Points cannot be loaded at the moment. Please try again in a minute.",
        "Los puntos no se pueden cargar en este momento. Inténtelo de nuevo en un minuto.",
    ),
    "no_rows": Text(
        "Rows cannot be loaded at the moment. Please try again in a minute.",
        "Las filas no se pueden cargar en este momento. Inténtelo de nuevo en un minuto.",
    ),
    "zoom_in": Text("Zoom in", "Acercar"),
    "zoom_out": Text("Zoom out", "Alejar"),
    "draw": Text("Draw a box", "Dibujar un recuadro"),
    "drawing": Text(
        "Drag across the map, or press Enter to take the part that is shown.",
        "Arrastre sobre el mapa, o pulse Intro para tomar la parte visible.",
    ),
    "drawn": Text("Box taken from the map: {box}.", "Recuadro tomado del mapa: {box}."),
}

UNPLACED = Text(
    "{n} of all {all} {many} have no point and are on no map: they are in the files and the API.",
    "{many} sin punto: {n} de {all}. No están en ningún mapa, sino en los archivos y la API.",
)
PLACED = Text("All {all} {many} have a point.", "{many} con un punto: {all}, es decir, todas las filas.")
NO_SCRIPT = Text(
    "The map needs JavaScript. Files and API have the same rows.",
    "El mapa necesita JavaScript. Los archivos y la API tienen las mismas filas.",
)
TITLE = Text("Map", "Mapa")


def words(language: str) -> dict[str, str]:
    """Return everything that the map says in ``language``, by key."""
    return {key: text.get(language) for key, text in WORDS.items()}
