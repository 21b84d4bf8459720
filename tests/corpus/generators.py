"""Documents too large to write down, each named by a case in the YAML files."""

from __future__ import annotations

import gzip
import io
import json
import zipfile

_HEAD = b'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Notices</title>'
_TAIL = b"</channel></rss>"


def many_items(count: int) -> bytes:
    """A feed of so many short items."""
    items = (f"<item><guid>n-{n}</guid><title>Notice {n}</title></item>" for n in range(count))
    return _HEAD + "".join(items).encode() + _TAIL


def long_text(megabytes: int) -> bytes:
    """One item whose description is so long."""
    words = b"An ordinary sentence on kettles. " * (megabytes * 30_000)
    return (
        _HEAD + b"<item><guid>long</guid><title>Kettles</title><description>" + words + b"</description></item>" + _TAIL
    )


def long_title(characters: int) -> bytes:
    """One item whose title is so long."""
    return _HEAD + b"<item><guid>t</guid><title>" + b"Kettle " * (characters // 7) + b"</title></item>" + _TAIL


def nested(tag: str, depth: int, *, closed: bool = True) -> bytes:
    """An item in whose description a tag stands in itself so often."""
    inner = f"<{tag}>".encode() * depth + b"deep" + (f"</{tag}>".encode() * depth if closed else b"")
    return _HEAD + b"<item><guid>deep</guid><title>Deep</title><description>" + inner + b"</description></item>" + _TAIL


def escaped_nested(tag: str, depth: int) -> bytes:
    """The same as escaped HTML."""
    inner = f"&lt;{tag}&gt;".encode() * depth + b"deep"
    return _HEAD + b"<item><guid>deep</guid><title>Deep</title><description>" + inner + b"</description></item>" + _TAIL


def repeated(text: str, count: int, *, inside: str = "description") -> bytes:
    """An item with a text so often in one of its elements."""
    inner = text.encode() * count
    place = inside.encode()
    return (
        _HEAD
        + b"<item><guid>r</guid><title>Kettles</title><"
        + place
        + b">"
        + inner
        + b"</"
        + place
        + b"></item>"
        + _TAIL
    )


def huge_attribute(characters: int) -> bytes:
    """An element with one attribute that is so long."""
    return _HEAD + b'<item><guid>a</guid><title x="' + b"a" * characters + b'">Kettles</title></item>' + _TAIL


def many_attributes(count: int) -> bytes:
    """An element with so many attributes."""
    attributes = " ".join(f'a{n}="{n}"' for n in range(count)).encode()
    return _HEAD + b"<item><guid>a</guid><title " + attributes + b">Kettles</title></item>" + _TAIL


def many_namespaces(count: int) -> bytes:
    """A feed that declares so many namespaces."""
    declared = " ".join(f'xmlns:n{n}="urn:n:{n}"' for n in range(count)).encode()
    return (
        _HEAD.replace(b"<rss ", b"<rss " + declared + b" ")
        + b"<item><guid>a</guid><title>Kettles</title></item>"
        + _TAIL
    )


def laughs(depth: int, width: int, *, parameter: bool = False) -> bytes:
    """Entities made of entities: width ** depth in the end."""
    mark = "% " if parameter else ""
    sign = "%" if parameter else "&"
    lines = [f'<!ENTITY {mark}l0 "lol">'] + [
        f'<!ENTITY {mark}l{n} "{f"{sign}l{n - 1};" * width}">' for n in range(1, depth + 1)
    ]
    doctype = f"<!DOCTYPE rss [{''.join(lines)}]>".encode()
    item = f"<item><guid>l</guid><title>&l{depth};</title></item>".encode()
    return _HEAD.replace(b"?>", b"?>" + doctype, 1) + item + _TAIL


def quadratic(length: int, count: int) -> bytes:
    """One long entity, named often."""
    doctype = b'<!DOCTYPE rss [<!ENTITY a "' + b"a" * length + b'">]>'
    item = b"<item><guid>q</guid><title>" + b"&a;" * count + b"</title></item>"
    return _HEAD.replace(b"?>", b"?>" + doctype, 1) + item + _TAIL


def zipped(text: str) -> bytes:
    """A feed still in gzip's form: the publisher packed it twice."""
    return gzip.compress(_HEAD + text.encode() + _TAIL, mtime=0)


def deep_json(depth: int, *, sign: str = "[") -> bytes:
    """JSON that is nested so deep."""
    closing = {"[": "]", '{"a":': "}"}[sign]
    return (sign * depth + "1" + closing * depth).encode()


def eping_page(items: int, *, total: int | None = None, symbol: str = "G/TBT/N/KEN/{}") -> bytes:
    """A page of so many items of the ePing API."""
    found = [{"id": n, "documentSymbol": symbol.format(n), "titlePlain": f"Notice {n}"} for n in range(1, items + 1)]
    return json.dumps({"items": found, "totalCount": items if total is None else total}).encode()


def eping_field(name: str, text: str, count: int) -> bytes:
    """One item with a field that repeats a text so often."""
    item = {"id": 1, "documentSymbol": "G/TBT/N/KEN/1", "titlePlain": "Kettles", name: text * count}
    return json.dumps({"items": [item], "totalCount": 1}).encode()


def line_field(name: str, text: str, count: int) -> bytes:
    """One line of JSON with a field that repeats a text so often."""
    return json.dumps({"symbol": "G/TBT/N/KEN/1", name: text * count}).encode()


def workbook_parts(sheet: str, *, strings: str = "", repeat: int = 1) -> bytes:
    """A workbook whose one sheet has this XML inside of its sheetData, repeated."""
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    shared = f'<Relationship Id="r2" Type="{office}/sharedStrings" Target="sharedStrings.xml"/>' if strings else ""
    parts = {
        "_rels/.rels": f'{head}<Relationships xmlns="{package}"><Relationship Id="r1" Type="{office}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{head}<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="A" sheetId="1" '
        'r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{head}<Relationships xmlns="{package}"><Relationship Id="r1" '
        f'Type="{office}/worksheet" Target="worksheets/sheet1.xml"/>{shared}</Relationships>',
        "xl/worksheets/sheet1.xml": (
            f'{head}<worksheet xmlns="{main}"><sheetData>{sheet * repeat}</sheetData></worksheet>'
        ),
    }
    if strings:
        parts["xl/sharedStrings.xml"] = strings
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def long_ids(characters: int) -> bytes:
    """Two items whose ids are so long and differ at the end."""
    ids = ("x" * characters + end for end in "ab")
    return _HEAD + "".join(f"<item><guid>{one}</guid><title>N</title></item>" for one in ids).encode() + _TAIL


def long_number_line(digits: int) -> bytes:
    """A line whose title is a number of so many digits."""
    return b'{"symbol": "G/TBT/N/KEN/1", "title": ' + b"7" * digits + b"}"


def huge_count(digits: int) -> bytes:
    """A page of the ePing API whose numbers have so many digits."""
    number = b"9" * digits
    item = b'{"id": ' + number + b', "documentSymbol": "G/TBT/N/KEN/1", "hsCodes": [' + number + b"]}"
    return b'{"items": [' + item + b'], "totalCount": ' + number + b"}"


def eping_many_symbols(count: int) -> bytes:
    """One item that claims so many symbols."""
    symbols = ", ".join(f"G/TBT/N/KEN/{n}" for n in range(1, count + 1))
    return json.dumps({"items": [{"id": 1, "documentSymbol": symbols}], "totalCount": 1}).encode()


_HEADER_ROW = "".join(
    f'<c t="inlineStr"><is><t>{name}</t></is></c>'
    for name in ("Document symbol", "Notifying Member", "Title", "Distribution date")
)


def workbook_cut(rows: int, share: float) -> bytes:
    """A workbook of which only a share arrived."""
    sheet = "".join(
        f'<row r="{n}"><c t="inlineStr"><is><t>row {n * 7919 % 1009}</t></is></c></row>' for n in range(1, rows)
    )
    whole = workbook_parts(f"<row>{_HEADER_ROW}</row>{sheet}")
    return whole[: int(len(whole) * share)]


def workbook_doctype() -> bytes:
    """A workbook whose shared strings have a document type with an entity."""
    strings = '<!DOCTYPE sst [<!ENTITY a "b">]><sst xmlns="x"><si><t>&a;</t></si></sst>'
    return workbook_parts(f'<row>{_HEADER_ROW}</row><row><c t="s"><v>0</v></c></row>', strings=strings)


def workbook_long_cell(characters: int) -> bytes:
    """A workbook with one cell so long."""
    return workbook_parts(f'<row>{_HEADER_ROW}</row><row><c t="inlineStr"><is><t>{"x" * characters}</t></is></c></row>')


def repeated_word(head: str, word: str, count: int, *, tail: str = "", encoding: str = "utf-8") -> bytes:
    """A word so often, between a beginning and an end."""
    return (head + word * count + tail).encode(encoding)
