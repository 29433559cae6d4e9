"""Staff's pages for a first profile: upload an export, judge its values, see the effect, approve.

An export lies in the spool while it is read, and is not kept: to see the effect it is sent once more. Of a boundary the
outline is kept, in the draft. Who may see the
rules of the tables may draft; who may approve those may approve a draft, which is laid out for the operator.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response, make_response, request
from werkzeug.wrappers import Response as Answer

from ckanext.cpdi import config
from ckanext.cpdi.declare import Profile, read_profile
from ckanext.cpdi.drafting.errors import DraftError
from ckanext.cpdi.drafting.judgement import Judged, judge_flag, judge_list, values_of_flags, values_of_list
from ckanext.cpdi.drafting.phrases import phrase
from ckanext.cpdi.drafting.shelf import NO_DRAFT, Shelf
from ckanext.cpdi.errors import PortalError
from ckanext.cpdi.services.http.headers import cache
from ckanext.cpdi.services.http.statuses import status_of
from ckanext.cpdi.site.drafts import effect as effect_view
from ckanext.cpdi.site.drafts import notes, upload

if TYPE_CHECKING:
    from ckanext.cpdi.drafting.check import Effect

drafts = Blueprint("cpdi_drafts", __name__, url_prefix="/status/profile")

_OWNER = "author.txt"
_ON_A_PAGE = 100


@drafts.get("")
def show() -> Response:
    """Show the draft of this member of staff, or the form to begin one."""
    return _page()


@drafts.post("")
def begin() -> Response | Answer:
    """Draft a profile from the uploaded export, in place of an earlier draft."""
    from ckanext.cpdi.drafting.document import files_of
    from ckanext.cpdi.drafting.draft import Department, draft

    shelf = _shelf()
    form = request.form
    said = Department(
        agency=form.get("agency", ""), city=form.get("city", ""), state=form.get("state", ""), name=form.get("city", "")
    )
    outline = request.files.get("boundary")
    try:
        with upload.export(request.files.get("export")) as path, upload.boundary(outline) as boundary:
            said = replace(said, boundary=boundary)
            made = draft([path], config.library(), config.shipped_profiles(), said, form.get("dataset", ""))
    except PortalError as error:
        return _page(problem=_words(error), form=form)
    shelf.put({**files_of(made), **notes.files_of(made), _OWNER: tk.current_user.name})
    return tk.redirect_to("cpdi_drafts.show")


@drafts.post("/judge")
def judge() -> Response | Answer:
    """Write down the classes of a list's values; with an export show what that would publish."""
    shelf = _shelf()
    form = request.form
    if shelf.profile is None:
        return _page(problem=NO_DRAFT.get(tk.h.lang()))
    known = set(config.library().classes.bits)
    classes = dict(zip(form.getlist("value"), form.getlist("class"), strict=False))
    try:
        if unknown := sorted({name for name in classes.values() if name and name not in known}):
            raise DraftError(phrase("There is no class {name}.", "No hay ninguna clase {name}.", name=unknown[0]))
        _write_down(shelf, form.get("list", ""), classes)
        if request.files.get("export"):
            with upload.export(request.files.get("export")) as path:
                return _page(effect=_effect(shelf, path))
    except PortalError as error:
        return _page(problem=_words(error))
    tk.h.flash_success(tk._("The classes are written down."))
    return tk.redirect_to(_address(form.get("list", ""), form.get("page", "1")))


@drafts.post("/approve")
def approve() -> Response | Answer:
    """Lay the draft out for the operator."""
    shelf = _shelf("cpdi_approve")
    try:
        path = shelf.approve(config.private_path() / "profiles", tk.current_user.name, datetime.now(UTC))
    except PortalError as error:
        return _page(problem=_words(error))
    shelf.clear()
    tk.h.flash_success(tk._("The profile is approved. For the operator: {path}").format(path=path))
    return tk.redirect_to("cpdi_drafts.show")


@drafts.post("/take")
def take() -> Response | Answer:
    """Take over the draft of a colleague, to look at it and approve it."""
    shelf = _shelf("cpdi_approve")
    others = _drafts_of_others(shelf)
    owner = request.form.get("owner", "")
    if owner not in others:
        return _page(problem=tk._("There is no such draft any more."))
    others[owner].move(shelf)
    return tk.redirect_to("cpdi_drafts.show")


@drafts.post("/discard")
def discard() -> Answer:
    """Remove the draft."""
    _shelf().clear()
    return tk.redirect_to("cpdi_drafts.show")


@drafts.get("/files")
def files() -> Response:
    """Send the draft's files as a ZIP."""
    shelf = _shelf()
    if shelf.profile is None:
        tk.abort(404, tk._("There is no draft."))
    answer = make_response(shelf.packed())
    answer.headers["Content-Type"] = "application/zip"
    answer.headers["Content-Disposition"] = f'attachment; filename="{shelf.profile.stem}.zip"'
    return cache(answer, 0)


def _shelf(right: str = "cpdi_approval_list") -> Shelf:
    """Return the shelf of the user; answer 403 to who has not the ``right``."""
    try:
        tk.check_access(right, {"user": tk.current_user.name}, {})
    except tk.NotAuthorized as error:
        tk.abort(status_of(error), str(error))
    return Shelf(_drafts_path() / str(tk.current_user.id))


def _drafts_path() -> Path:
    return config.private_path() / "drafts"


def _drafts_of_others(own: Shelf) -> dict[str, Shelf]:
    """Return the drafts of colleagues, by the names of their authors."""
    shelves = (Shelf(folder) for folder in sorted(_drafts_path().glob("*")))
    return {shelf.read(_OWNER): shelf for shelf in shelves if shelf != own and shelf.profile is not None}


def _words(error: PortalError) -> str:
    """Return what an error says, in the reader's language where it has words in it."""
    return error.words.get(tk.h.lang()) if isinstance(error, DraftError) else str(error)


def _write_down(shelf: Shelf, name: str, classes: Mapping[str, str]) -> None:
    """Write judgements into a list, or a flag, of the draft."""
    profile = shelf.profile
    if profile is None or not classes:
        return
    if name in shelf.lists:
        path = shelf.lists[name]
        shelf.write(path, judge_list(shelf.read(path), classes))
    else:
        shelf.write(profile.name, judge_flag(shelf.read(profile.name), name.removeprefix("flag "), classes))


def _profile(shelf: Shelf) -> Profile:
    if shelf.profile is None:
        raise DraftError(NO_DRAFT)
    library = config.library()
    return read_profile(shelf.profile, library.classes, library.by_name)


def _effect(shelf: Shelf, path: Path) -> Effect:
    """Return what the draft would publish of an export, without places."""
    from ckanext.cpdi.drafting.check import effect_of

    department = _profile(shelf)
    (name, *_) = department.datasets
    return effect_of((path,), config.library().dataset(name), department, config.secret(), None, datetime.now(UTC))


def _address(name: str, page: str) -> str:
    return f"{tk.url_for('cpdi_drafts.show', list=name, page=page)}#values"


def _tables(shelf: Shelf) -> dict[str, list[Judged]]:
    """Return the values to be judged: those of each list, then those of each flag."""
    profile = shelf.profile
    if profile is None:
        return {}
    lists = {name: values_of_list(shelf.read(path)) for name, path in shelf.lists.items()}
    flags = {f"flag {header}": values for header, values in values_of_flags(shelf.read(profile.name)).items()}
    return {name: values for name, values in (lists | flags).items() if values}


def _page(problem: str = "", form: Mapping[str, str] | None = None, effect: Effect | None = None) -> Response:
    """Return the page: the draft with one list of values, or the form to begin."""
    shelf, language = _shelf(), tk.h.lang()
    tables = _tables(shelf)
    name = request.values.get("list", "") if request.values.get("list", "") in tables else next(iter(tables), "")
    values = tables.get(name, [])
    pages = max(1, -(-len(values) // _ON_A_PAGE))
    page = min(pages, max(1, request.values.get("page", 1, type=int)))
    first, bases = (page - 1) * _ON_A_PAGE, notes.bases_of(shelf, language)
    shown = {
        "problem": problem,
        "form": form or {},
        "profile": shelf.read(shelf.profile.name) if shelf.profile else "",
        "name": shelf.profile.stem if shelf.profile else "",
        "questions": [question.get(language) for question in notes.questions_of(shelf)],
        "tables": [(key, len(rows), sum(not row.judged for row in rows)) for key, rows in tables.items()],
        "list": name,
        "values": [replace(row, basis=bases.get(row.basis, row.basis)) for row in values[first : first + _ON_A_PAGE]],
        "page": page,
        "pages": pages,
        "classes": [(kind.name, kind.title.get(language)) for kind in config.library().classes.all],
        "effect": effect_view.of(effect, language) if effect else None,
        "datasets": {table.name: table.title.get(language) for table in config.library().tables},
        "may_approve": _may_approve(),
        "others": list(_drafts_of_others(shelf)) if _may_approve() and not shelf.profile else [],
        "megabytes": upload.LARGEST >> 20,
    }
    return cache(make_response(tk.render("cpdi/draft.html", shown)), 0)


def _may_approve() -> bool:
    try:
        tk.check_access("cpdi_approve", {"user": tk.current_user.name}, {})
    except tk.NotAuthorized:
        return False
    return True
