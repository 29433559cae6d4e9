"""Pages being drawn: texts, areas and lines in, the bytes of a PDF out. A point is 1/72 inch, y grows upwards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from ckanext.cpdi.sample.reports.document import Document, array, dictionary, literal, reference, text_string
from ckanext.cpdi.sample.reports.fonts import BASE_FONTS, PLAIN, width
from ckanext.cpdi.sample.reports.tags import Structure

WIDTH, HEIGHT = 612.0, 792.0
"""A page of the format Letter."""

Colour = tuple[float, float, float]


def colour(code: str) -> Colour:
    """Return the colour of a code such as ``#14304f``; each part from 0 to 1."""
    red, green, blue = (int(code[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


class Canvas:
    """The pages of a file; ``tagged``: with the structure that screen readers need."""

    def __init__(self, *, tagged: bool) -> None:
        """Begin without a page."""
        self.document = Document()
        self.pages = 0
        self._structure = Structure() if tagged else None
        self._drawn: list[list[str]] = []
        self._annotations: dict[int, list[str]] = {}
        self._pictures: dict[int, str] = {}
        self._fill: Colour | None = None

    def turn(self) -> None:
        """Begin a page."""
        self._drawn.append([])
        self.pages += 1
        self._fill = None

    @contextmanager
    def inside(self, kind: str) -> Iterator[None]:
        """Put what is drawn into an element of the structure."""
        if self._structure is None:
            yield
            return
        self._structure.begin(kind)
        yield
        self._structure.end()

    @contextmanager
    def content(self, kind: str, attributes: Mapping[str, str] | None = None) -> Iterator[None]:
        """Mark what is drawn as one element of the structure, which must not cross pages."""
        if self._structure is None:
            yield
            return
        number = self._structure.mark(kind, self.pages - 1, attributes or {})
        self._drawn[-1].append(f"/{kind} <</MCID {number}>> BDC")
        yield
        self._drawn[-1].append("EMC")

    @contextmanager
    def decoration(self) -> Iterator[None]:
        """Mark what is drawn as no part of the text: headers, bands, lines."""
        if self._structure is None:
            yield
            return
        self._drawn[-1].append("/Artifact BMC")
        yield
        self._drawn[-1].append("EMC")

    def text(self, x: float, y: float, text: str, font: str = PLAIN, size: float = 9.5) -> None:
        """Draw ``text`` from ``x`` on, its base line at ``y``."""
        self._drawn[-1].append(f"BT /{font} {size:g} Tf {x:.2f} {y:.2f} Td {literal(text)} Tj ET")

    def text_to(self, x: float, y: float, text: str, font: str = PLAIN, size: float = 9.5) -> None:
        """Draw ``text`` so that it ends at ``x``."""
        self.text(x - width(text, font, size), y, text, font, size)

    def fill(self, shade: Colour) -> None:
        """Choose the colour of texts and areas."""
        if shade != self._fill:
            self._drawn[-1].append("{:.3f} {:.3f} {:.3f} rg".format(*shade))
            self._fill = shade

    def area(self, x: float, y: float, wide: float, high: float) -> None:
        """Fill a rectangle whose lower left corner is ``x``, ``y``."""
        self._drawn[-1].append(f"{x:.2f} {y:.2f} {wide:.2f} {high:.2f} re f")

    def polygon(self, points: Sequence[tuple[float, float]]) -> None:
        """Fill a polygon with a white edge."""
        (x, y), *rest = points
        path = " ".join(f"{right:.2f} {up:.2f} l" for right, up in rest)
        self._drawn[-1].append(f"1 1 1 RG 1 w {x:.2f} {y:.2f} m {path} b")

    def line(self, points: Sequence[tuple[float, float]], shade: Colour, thick: float = 0.8) -> None:
        """Draw a line through ``points``."""
        (x, y), *rest = points
        path = " ".join(f"{right:.2f} {up:.2f} l" for right, up in rest)
        red, green, blue = shade
        self._drawn[-1].append(f"{red:.3f} {green:.3f} {blue:.3f} RG {thick:g} w {x:.2f} {y:.2f} m {path} S")

    def picture(self, bits: bytes, wide: int, high: int) -> None:
        """Fill the page with a picture in black and white: ``bits`` in rows, each begins with a new byte."""
        entries = {"Type": "/XObject", "Subtype": "/Image", "Width": wide, "Height": high}
        entries |= {"ColorSpace": "/DeviceGray", "BitsPerComponent": 1}
        self._pictures[self.pages - 1] = self.document.stream(bits, entries)
        self._drawn[-1].append(f"q {WIDTH:g} 0 0 {HEIGHT:g} 0 0 cm /Scan Do Q")

    def annotate(self, annotation: str) -> None:
        """Add an annotation, an object in PDF's notation, to the page."""
        self._annotations.setdefault(self.pages - 1, []).append(self.document.add(annotation))

    def finish(self, info: Mapping[str, str], files: Mapping[str, bytes]) -> bytes:
        """Return the file, with ``info`` as its metadata and ``files`` attached."""
        document = self.document
        numbers = [document.number() for _ in self._drawn]
        root = document.number()
        entries: dict[str, object] = {"Type": "/Catalog", "Pages": reference(root)}
        if self._structure is not None:
            entries |= {"StructTreeRoot": self._structure.write(document, numbers), "MarkInfo": "<</Marked true>>"}
            entries |= {"Lang": "(en-US)", "ViewerPreferences": "<</DisplayDocTitle true>>"}
        if files:
            entries["Names"] = dictionary({"EmbeddedFiles": _attached(document, files)})
        self._write_pages(numbers, root)
        return document.finish(document.add(dictionary(entries)), document.add(dictionary(info)))

    def _write_pages(self, numbers: Sequence[int], root: int) -> None:
        document = self.document
        fonts = {
            name: document.add(f"<</Type /Font /Subtype /Type1 /BaseFont /{base} /Encoding /WinAnsiEncoding>>")
            for name, base in BASE_FONTS.items()
        }
        for page, (number, drawn) in enumerate(zip(numbers, self._drawn, strict=True)):
            resources: dict[str, object] = {"Font": dictionary(fonts)}
            if page in self._pictures:
                resources["XObject"] = dictionary({"Scan": self._pictures[page]})
            content = document.stream("\n".join(drawn).encode("cp1252"))
            entries: dict[str, object] = {"Type": "/Page", "Parent": reference(root), "Contents": content}
            entries |= {"MediaBox": array([0, 0, f"{WIDTH:g}", f"{HEIGHT:g}"]), "Resources": dictionary(resources)}
            if self._structure is not None:
                entries |= {"StructParents": page, "Tabs": "/S"}
            if page in self._annotations:
                entries["Annots"] = array(self._annotations[page])
            document.add(dictionary(entries), number)
        kids = array(map(reference, numbers))
        document.add(dictionary({"Type": "/Pages", "Kids": kids, "Count": len(numbers)}), root)


def _attached(document: Document, files: Mapping[str, bytes]) -> str:
    """Write attached files; return a reference to their list by name."""
    names: list[str] = []
    for name, content in sorted(files.items()):
        stream = document.stream(content, {"Type": "/EmbeddedFile"})
        title = text_string(name)
        described = {"Type": "/Filespec", "F": title, "UF": title, "EF": dictionary({"F": stream})}
        names += [title, document.add(dictionary(described))]
    return document.add(dictionary({"Names": array(names)}))
