"""``teiHeader``: what the document is, whose hands it went through, who wrote to whom."""

from __future__ import annotations

import re
from collections import defaultdict
from xml.etree.ElementTree import Element

from pipeline.export.options import Options
from pipeline.export.safe import one_line
from pipeline.export.source import Source
from pipeline.export.tei_dates import day, time_of_day
from pipeline.export.tei_lines import Ids
from pipeline.export.xml import add, element
from pipeline.model import Field, LineKind, Verdict

_VERSION = re.compile(r"\d+(?:\.\d+){0,3}")
_PLACES = ("title", "shelfmark", "repository", "collection", "date")
_READERS = {
    "typewriter": "a recogniser for typewritten Russian",
    "tesseract": "Tesseract",
    "file": "another program's text",
}


_RULES = {
    "correction": "What the machine misread is corrected silently where it is nearly certain; sic "
    "and corr are the typist's slips only, as a person marked them.",
    "normalization": "orig and reg: typing habits (a quotation mark for ъ, У for V in Roman "
    "numerals, a missing space), and how an editor prints them.",
    "hyphenation": "Hyphens at line ends stand in pc: force weak where they only part a word, "
    "strong where they belong to it; lb then has break=no.",
    "interpretation": "unclear: a word whose probability of being right, cert, is under {below}; "
    "where another reading is known, choice has both.",
}
"""What is said of the text's treatment."""


def header(source: Source, options: Options, ids: Ids) -> Element:
    """The header, from fields, metadata and provenance; what is not known is not there."""
    made = element("teiHeader")
    _file(add(made, "fileDesc"), source, ids)
    _encoding(add(made, "encodingDesc"), source, options)
    _profile(add(made, "profileDesc"), source)
    changes = add(made, "revisionDesc")
    if source.by_hand:
        add(changes, "change", "Corrected by a person.", who=f"#{ids.hand}")
    add(changes, "change", "Exported.", when=source.timestamp, who=f"#{ids.machine}")
    return made


def _file(made: Element, source: Source, ids: Ids) -> None:
    document, known = source.document, source.metadata
    titles = add(made, "titleStmt")
    add(titles, "title", one_line(source.title))
    responsible = add(titles, "respStmt")
    responsible.set("xml:id", ids.machine)
    add(responsible, "resp", "read by machine: text, kinds of lines, corrections of misreadings, "
        "fields of the form, and all doubts marked with @cert")  # fmt: skip
    add(responsible, "name", source.software, type="software")
    readers = {reading.reader for line in document.lines for reading in line.readings}
    for reader in sorted(readers & set(_READERS)):
        one = add(titles, "respStmt")
        one.set("xml:id", ids.reader(reader))
        add(one, "resp", "one of the readings that were compared")
        add(one, "name", _READERS[reader], type="software")
    if source.by_hand:
        person = add(titles, "respStmt")
        person.set("xml:id", ids.hand)
        add(person, "resp", "corrected by hand what the machine read")
        add(person, "name", known.get("editor") or "редактор", type="person")
    count = len(document.pages)
    add(made, "extent", f"{count} page{'' if count == 1 else 's'}")
    add(add(made, "publicationStmt"), "p", "Not published: a transcript for further editing.")
    others = [(key, value) for key, value in known.items() if key not in (*_PLACES, "editor")]
    if others:
        notes = add(made, "notesStmt")
        for key, value in others:
            add(notes, "note", value, type="metadata", n=one_line(key))
    _source(add(add(made, "sourceDesc"), "msDesc"), source)


def _source(made: Element, source: Source) -> None:
    known = source.metadata
    where = add(made, "msIdentifier")
    if value := known.get("repository"):
        add(where, "repository", value)
    if value := known.get("collection"):
        add(where, "collection", value)
    shelfmark = known.get("shelfmark")
    add(where, "idno", shelfmark or source.document.id, type="shelfmark" if shelfmark else "path")
    physical = add(made, "physDesc")
    support = add(add(physical, "objectDesc", form="typescript"), "supportDesc")
    add(support, "extent", f"{len(source.document.pages)}")
    kinds = {line.kind for line in source.document.lines if line.verdict is not Verdict.DROP}
    if LineKind.HANDWRITING in kinds:
        add(add(physical, "handDesc"), "p", "Written by hand: the notes of type handwriting.")
    add(add(physical, "typeDesc"), "p", "Typewritten.")
    if value := known.get("date"):
        history = add(add(made, "history"), "origin")
        add(history, "origDate", value, when=day(value))


def _encoding(made: Element, source: Source, options: Options) -> None:
    rules = add(made, "editorialDecl")
    for name, words in _RULES.items():
        add(add(rules, name), "p", words.format(below=f"{options.doubt_below:g}"))
    apps = add(made, "appInfo")
    version = dict(source.run.versions).get("depesha", "")
    known = version if _VERSION.fullmatch(version) else "0"
    app = add(apps, "application", ident="depesha", version=known)
    add(app, "label", source.software)
    settings = "; ".join(f"{key} {value}" for key, value in source.provenance())
    add(app, "desc", one_line(settings))


def _profile(made: Element, source: Source) -> None:
    telegrams: defaultdict[int, list[Field]] = defaultdict(list)
    for field in source.document.fields:
        telegrams[field.telegram or 0].append(field)
    for _, fields in sorted(telegrams.items()):
        _correspondence(made, fields)
    languages = add(made, "langUsage")
    add(languages, "language", "Russian", ident="ru")


def _correspondence(made: Element, fields: list[Field]) -> None:
    """Who wrote to whom, from where and when."""
    sent = [field for field in fields if field.name in ("signature", "origin", "date", "time")]
    received = [field for field in fields if field.name == "addressee"]
    if not sent and not received:
        return
    description = add(made, "correspDesc")
    if sent:
        action = add(description, "correspAction", type="sent")
        for field in sent:
            _who_where_when(action, field)
    if received:
        action = add(description, "correspAction", type="received")
        for field in received:
            add(action, "persName", field.value)


def _who_where_when(action: Element, field: Field) -> None:
    if field.name == "signature":
        add(action, "persName", field.value)
    elif field.name == "origin":
        add(action, "placeName", field.value)
    elif field.name == "date":
        add(action, "date", field.value, when=day(field.value))
    else:
        add(action, "time", field.value, when=time_of_day(field.value))
