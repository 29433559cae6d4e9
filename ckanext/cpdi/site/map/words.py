"""What a map says, in the reader's language; ``{n}`` and the like are filled in the browser."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from ckanext.cpdi.declare import Text

TIME_WORDS = {"quarter_of": Text("Quarter {quarter}, {year}", "Trimestre {quarter}, {year}")}
"""Of cells, whichever face they stand in."""
WORDS = TIME_WORDS | {
    "map": Text(
        "Map. Arrow keys move it, plus and minus change its scale, Enter says what is at its centre.",
        "Mapa. Las flechas lo mueven, más y menos cambian la escala, Intro dice qué hay en el centro.",
    ),
    "none": Text(
        "No {many} in the part of the map that is shown.",
        "No hay {many} en la parte visible del mapa.",
    ),
    "in_view": Text("{rows} in the part of the map that is shown.", "{rows} en la parte visible del mapa."),
    "rows": Text("The {rows} in view", "A la vista: {rows}"),
    "first_rows": Text("{shown} of the {rows} in view", "A la vista: {shown} de {rows}"),
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
    "layers": Text("Areas", "Áreas"),
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
    "draw_tools": Text("Choose rows by place", "Elegir filas por lugar"),
    "draw_box": Text("Draw a box", "Dibujar un recuadro"),
    "draw_polygon": Text("Draw a shape", "Dibujar una forma"),
    "draw_near": Text("Within {metres} m of a place", "A menos de {metres} m de un lugar"),
    "near_here": Text("Within {metres} m of here", "A menos de {metres} m de aquí"),
    "drawing_box": Text(
        "Click or tap two opposite corners, or drag across the map.",
        "Haga clic o toque dos esquinas opuestas, o arrastre sobre el mapa.",
    ),
    "drawing_polygon": Text(
        "Click or tap corner by corner; the first or last one again closes the shape.",
        "Haga clic o toque cada esquina; otra vez la primera o la última cierra la forma.",
    ),
    "drawing_near": Text("Click or tap a place.", "Haga clic o toque un lugar."),
    "keys_box": Text(
        "By keyboard: arrow keys move the map below the ring, Enter sets a corner there, Backspace removes the last,"
        " Escape leaves off.",
        "Con el teclado: las flechas mueven el mapa bajo el anillo, Intro fija allí una esquina, Retroceso quita la"
        " última, Escape lo deja.",
    ),
    "keys_polygon": Text(
        "By keyboard: arrow keys move the map below the ring, Enter sets a corner there and once more in the same place"
        " closes the shape, Backspace removes the last, Escape leaves off.",
        "Con el teclado: las flechas mueven el mapa bajo el anillo, Intro fija allí una esquina y otra vez en el mismo"
        " sitio cierra la forma, Retroceso quita la última, Escape lo deja.",
    ),
    "keys_near": Text(
        "By keyboard: arrow keys move the map below the ring, Enter takes the place there, Escape leaves off.",
        "Con el teclado: las flechas mueven el mapa bajo el anillo, Intro toma el lugar de allí, Escape lo deja.",
    ),
    "corner": Text("Corner {i} set at {at}.", "Esquina {i} fijada en {at}."),
    "corner_back": Text("Corner {i} removed.", "Esquina {i} quitada."),
    "draw_close": Text("Close the shape", "Cerrar la forma"),
    "draw_back": Text("Remove the last corner", "Quitar la última esquina"),
    "draw_end": Text("Leave off", "Dejarlo"),
    "drawn_none": Text("The filter is as it was.", "El filtro queda como estaba."),
    "drawn_box": Text("The filter has the drawn box.", "El filtro tiene el recuadro dibujado."),
    "drawn_polygon": Text("The filter has the drawn shape.", "El filtro tiene la forma dibujada."),
    "drawn_near": Text(
        "The filter has what lies within {metres} m. The place is rounded to 100 m.",
        "El filtro tiene lo que está a menos de {metres} m. El lugar se redondea a 100 m.",
    ),
    "shape_few": Text("A shape has three corners or more.", "Una forma tiene tres esquinas o más."),
    "shape_many": Text(
        "A shape has {n} corners at most: remove some.", "Una forma tiene {n} esquinas como máximo: quite algunas."
    ),
    "shape_crossed": Text(
        "Sides of this shape cross each other, or one runs back on another: remove the last corner, or begin anew.",
        "Los lados de esta forma se cruzan, o uno vuelve sobre otro: quite la última esquina o empiece de nuevo.",
    ),
    "all_placed": Text("{rows} under this filter, all on the map.", "{rows} con este filtro: todo está en el mapa."),
    "on_no_map.one": Text(
        "{rows} under this filter; 1 is on no map.", "{rows} con este filtro; 1 fila no está en ningún mapa."
    ),
    "on_no_map.other": Text(
        "{rows} under this filter; {n} are on no map.", "{rows} con este filtro; {n} filas no están en ningún mapa."
    ),
    "in_team.one": Text("1 of these shows its team alone.", "1 de esas filas muestra solo su equipo."),
    "in_team.other": Text("{n} of these show their team alone.", "{n} de esas filas muestran solo su equipo."),
    "show_unplaced": Text("Show them in the table", "Mostrarlas en la tabla"),
}
FORM_WORDS = {
    "draw_tools": Text("Choose an area", "Elegir un área"),
    "drawn_none": Text("The form is as it was.", "El formulario queda como estaba."),
    "drawn_box": Text("The form has the drawn box.", "El formulario tiene el recuadro dibujado."),
}
"""What a map says otherwise that fills a form, and not a filter."""

UNPLACED = Text(
    "{n} of all {all} {many} have no point and are on no map: they are in the files and the API.",
    "Sin punto: {n} de {all} {many}. No están en ningún mapa, sino en los archivos y la API.",
)
PLACED = Text("All {all} {many} have a point.", "Con un punto: {all} {many}, es decir, todas las filas.")
NONE_PLACED = Text(
    "None of the {all} {many} has a point: there is no map of them. They are in the files and the API.",
    "Sin punto: {all} {many}, es decir, todas las filas. No hay mapa; están en los archivos y la API.",
)
NO_SCRIPT = Text(
    "The map needs JavaScript. Files and API have the same rows.",
    "El mapa necesita JavaScript. Los archivos y la API tienen las mismas filas.",
)
TITLE = Text("Map", "Mapa")


def words(language: str, others: Mapping[str, Text] = MappingProxyType({})) -> dict[str, str]:
    """Return everything that the map says in ``language``, by key, with ``others`` in the place of some."""
    return {key: text.get(language) for key, text in {**WORDS, **others}.items()}
