"""Objects, revisions, fields, pages, annotations, packed data."""

from __future__ import annotations

from ecert.formats.pdf import Name, PdfValue, Ref, Stream, read_document
from ecert.formats.pdf.objects import PdfDict
from ecert.testing.specimens.increments import append, append_packed, changed
from fuzz.growth.certificates import packed
from fuzz.growth.ground import FIRST, FORM, PAGE, PAGES, ROOT, form, ground, name, sign

_FREE = 1000
_FILLER = {_FREE + i: i for i in range(20_000)}


def _revisions(data: bytes, count: int, objects: dict[int, PdfValue] | None = None) -> bytes:
    """Append revisions that say next to nothing, written by hand: reading each anew would be quadratic."""
    document = read_document(data)
    last = document.revisions[-1]
    previous = last.startxref
    size = max(document.view()) + 2
    out = bytearray(data)
    body = objects or {}
    for _ in range(count):
        rows = []
        for num, value in body.items():
            from ecert.formats.pdf.writer import write_object

            rows.append(b"%d 1\n%010d 00000 n \n" % (num, len(out)))
            out += b"".join(map(bytes, write_object(num, value)))
        at = len(out)
        out += b"xref\n" + (b"".join(rows) or b"0 0\n")
        out += b"trailer\n<</Size %d /Root %d 0 R /Prev %d>>\n" % (size, ROOT, previous)
        out += b"startxref\n%d\n%%%%EOF\n" % at
        previous = at
    return bytes(out)


def revisions(count: int) -> bytes:
    """Return a signed file of 20,000 objects with so many revisions that say nothing."""
    return _revisions(sign(form(_FILLER)), count)


def revisions_with_fields(count: int) -> bytes:
    """Return a signed file of 4,000 fields, the form written again in so many revisions."""
    data = sign(form(fields=4000))
    value = changed(data, FORM)
    return _revisions(data, count, {FORM: value})


def revisions_with_pages(count: int) -> bytes:
    """Return a signed file of 4,000 pages with so many revisions that write one page again."""
    kids: dict[int, PdfValue] = {_FREE + i: {"Type": Name("Page"), "Parent": Ref(PAGES)} for i in range(4000)}
    tree = {"Type": Name("Pages"), "Count": 4001, "Kids": [Ref(PAGE), *(Ref(n) for n in kids)]}
    data = sign(form({**kids, PAGES: tree}))
    return _revisions(data, count, {_FREE: kids[_FREE]})


def fields(count: int) -> bytes:
    """Return a form of so many fields, signed ten times."""
    data = form(fields=count)
    for number in range(10):
        data = sign(data, number)
    return data


def shared_kids(count: int) -> bytes:
    """Return a signed form whose fields share one array of kids."""
    kids = [Ref(PAGE)] * 100
    more: dict[int, PdfValue] = {
        _FREE + 1 + i: {"T": b"k%d" % i, "FT": Name("Tx"), "Kids": Ref(_FREE)} for i in range(count)
    }
    listed = [Ref(FIRST), *(Ref(n) for n in more)]
    return sign(form({_FREE: kids, **more, FORM: {"Fields": listed, "SigFlags": 3}}))


def annotations(count: int) -> bytes:
    """Return a copy whose page refers to so many annotations, then another revision."""
    data = ground().copy.data
    page = next(read_document(data).pages()).num
    mark = {"Type": Name("Annot"), "Subtype": Name("Square"), "Rect": [0, 0, 9, 9]}
    first = 50_000
    marks: dict[int, PdfValue] = {first + i: mark for i in range(count)}
    return append(data, {**marks, page: changed(data, page, Annots=[Ref(n) for n in marks])})


def shared_annotations(count: int) -> bytes:
    """Return a copy with so many pages that share one long array of annotations."""
    data = ground().copy.data
    document = read_document(data)
    page = next(document.pages()).num
    tree = document.dictionary(Ref(page))["Parent"].num
    first = 50_000
    marks: dict[int, PdfValue] = {first: [Ref(first + 1)] * 2000, first + 1: {"Rect": [0, 0, 9, 9]}}
    pages: dict[int, PdfValue] = {
        first + 2 + i: {"Type": Name("Page"), "Parent": Ref(tree), "Annots": Ref(first)} for i in range(count)
    }
    kids = [*document.array(changed(data, tree)["Kids"]), *(Ref(n) for n in pages)]
    return append(data, {**marks, **pages, tree: changed(data, tree, Kids=kids)})


def added_objects(count: int) -> bytes:
    """Return a copy with so many objects appended that nobody refers to."""
    return append(ground().copy.data, {50_000 + i: i for i in range(count)})


def packed_objects(count: int) -> bytes:
    """Return a copy with so many objects appended in an object stream."""
    return append_packed(ground().copy.data, {50_000 + i: i for i in range(count)})


def comments(count: int) -> bytes:
    """Return a signed form with so many comments between two revisions."""
    return _gaps(count, b"%x\n")


def _gaps(count: int, piece: bytes) -> bytes:
    data = sign(form())
    document = read_document(data)
    extra = piece * count
    at = len(data) + len(extra)
    last = document.revisions[-1].startxref
    tail = b"xref\n0 0\ntrailer\n<</Size 99 /Root %d 0 R /Prev %d>>\nstartxref\n%d\n%%%%EOF\n"
    return data + extra + tail % (ROOT, last, at)


def _revision(data: bytes, rows: bytes = b"", more: bytes = b"", *, before: bytes = b"") -> bytes:
    """Append a section whose offset names what stands before it."""
    last = read_document(data, foreign=True).revisions[-1].startxref
    trailer = b"trailer\n<</Size 99 /Root %d 0 R /Prev %d %s>>\n" % (ROOT, last, more)
    return data + before + b"xref\n" + (rows or b"0 0\n") + trailer + b"startxref\n%d\n%%%%EOF\n" % len(data)


def heads(count: int) -> bytes:
    """Return a signed form that programs may rebuild, with so many heads of objects in a stream."""
    text = b"98 0 obj %x\n" * count
    return _revision(sign(form({_FREE: Stream({"Length": len(text)}, text)})), before=b"\n")


def odd_revisions(count: int) -> bytes:
    """Return a signed form with so many revisions whose offsets are odd; the last names what is not there."""
    data = sign(form())
    for _ in range(count):
        data = _revision(data, before=b"\n")
    return _revision(data, b"98 1\n0000000000 00000 n \n", b"/Own 98 0 R", before=b"\n")


def rows_without_place(count: int) -> bytes:
    """Return a signed form with so many rows at offset 0, to one of which something refers."""
    rows = b"%d %d\n" % (_FREE, count) + b"0000000000 00000 n \n" * count
    return _revision(sign(form()), rows, b"/Own %d 0 R" % _FREE)


def baits(count: int) -> bytes:
    """Return a copy with an object in which so many others seem to begin."""
    text = b"1 0 obj\n" * count
    return append(ground().copy.data, {50_000: text})


def strings(count: int) -> bytes:
    """Return a form with a string of so many brackets."""
    return sign(form({_FREE: b"(" * count}))


def deep_pages(count: int) -> bytes:
    """Return a signed file whose page tree has so many levels."""
    nodes: dict[int, PdfValue] = {
        _FREE + i: {"Type": Name("Pages"), "Count": 1, "Kids": [Ref(_FREE + i + 1)], "Parent": Ref(_FREE + i - 1)}
        for i in range(count)
    }
    nodes[_FREE + count] = {"Type": Name("Page"), "Parent": Ref(_FREE + count - 1)}
    return sign(form({**nodes, PAGES: {"Type": Name("Pages"), "Count": 2, "Kids": [Ref(PAGE), Ref(_FREE)]}}))


def store_entries(count: int) -> bytes:
    """Return a copy whose DSS names one certificate so many times."""
    g = ground()
    data = g.copy.data
    number = read_document(data).revisions[-1].trailer["Root"].num
    item = packed(g.certificate(name("one"), name("one")))
    store: PdfDict = {"Certs": [Ref(50_000)] * count}
    return append(data, {50_000: item, number: changed(data, number, DSS=store)})


def store_bomb(count: int) -> bytes:
    """Return a copy whose DSS has five CRLs of so many kilobytes of nothing."""
    data = ground().copy.data
    number = read_document(data).revisions[-1].trailer["Root"].num
    head = b"\x30\x84" + (count * 1024).to_bytes(4, "big")
    items: dict[int, PdfValue] = {50_000 + i: packed(head + bytes(count * 1024 - 1) + bytes([i])) for i in range(5)}
    store: PdfDict = {"CRLs": [Ref(n) for n in items]}
    return append(data, {**items, number: changed(data, number, DSS=store)})


def whole_file_signatures(count: int) -> bytes:
    """Return a large form with so many signatures that one revision writes, each over the whole of it."""
    data = form({_FREE: Stream({"Length": 2_000_000}, bytes(2_000_000))}, fields=count)
    pending = sign(form())
    contents = read_document(pending)
    from ecert.formats.pades.fields import read_signatures

    value = read_signatures(contents)[0].contents
    digits = b"<" + value.hex().encode() + b">"
    document = read_document(data)
    out = bytearray(data)
    rows, fixes = [], []
    for i in range(count):
        rows.append(b"%d 1\n%010d 00000 n \n" % (_FREE + 1 + i, len(out)))
        out += b"%d 0 obj\n<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/Contents " % (_FREE + 1 + i)
        gap = len(out)
        out += digits + b"/ByteRange [0 %010d %010d " % (gap, gap + len(digits))
        fixes.append((len(out), gap + len(digits)))
        out += b"0000000000]>>\nendobj\n"
    for i in range(count):
        rows.append(b"%d 1\n%010d 00000 n \n" % (FIRST + i, len(out)))
        from ecert.formats.pdf.objects import write_value
        from fuzz.growth.ground import field

        out += b"%d 0 obj\n%s\nendobj\n" % (FIRST + i, write_value({**field(b"f%d" % i), "V": Ref(_FREE + 1 + i)}))
    rows.append(b"%d 1\n%010d 00000 n \n" % (_FREE + 500, len(out)))
    out += b"%d 0 obj\n<</Length 4000000>>\nstream\n%s\nendstream\nendobj\n" % (_FREE + 500, bytes(4_000_000))
    at = len(out)
    out += (
        b"xref\n"
        + b"".join(rows)
        + b"trailer\n<</Size %d /Root %d 0 R /Prev %d>>\n" % (_FREE + 501, ROOT, document.revisions[-1].startxref)
    )
    out += b"startxref\n%d\n%%%%EOF\n" % at
    for place, after in fixes:
        out[place : place + 10] = b"%010d" % (len(out) - after)
    return bytes(out)


def metadata(count: int) -> bytes:
    """Return a signed form whose metadata, of so many properties, is written again."""
    head = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    body = b"".join(
        b'<rdf:Description rdf:about="" xmlns:a="u:a"><a:p%d>1</a:p%d></rdf:Description>' % (i, i) for i in range(count)
    )
    text = head + body + b"</rdf:RDF></x:xmpmeta>"
    entries: PdfDict = {"Type": Name("Metadata"), "Subtype": Name("XML")}
    packet = Stream({**entries, "Length": len(text)}, text)
    data = sign(form({_FREE: packet}, Metadata=Ref(_FREE)))
    return append(data, {_FREE: Stream({**entries, "Length": len(text) + 1}, text + b" ")})


CASES = [
    ("revisions-of-many-objects", "signatures", 45, revisions),
    ("revisions-of-many-fields", "signatures", 45, revisions_with_fields),
    ("revisions-of-many-pages", "signatures", 45, revisions_with_pages),
    ("form-fields", "signatures", 5_000, fields),
    ("kids-shared-by-fields", "signatures", 200, shared_kids),
    ("annotations", "copy", 5_000, annotations),
    ("annotations-shared-by-pages", "copy", 100, shared_annotations),
    ("objects-without-a-use", "copy", 20_000, added_objects),
    ("packed-objects", "copy", 15_000, packed_objects),
    ("comments", "signatures", 100_000, comments),
    ("heads-in-a-stream", "signatures", 20_000, heads),
    ("revisions-of-odd-offsets", "signatures", 40, odd_revisions),
    ("rows-at-offset-0", "signatures", 20_000, rows_without_place),
    ("baits", "copy", 20_000, baits),
    ("brackets-of-a-string", "signatures", 500_000, strings),
    ("levels-of-pages", "signatures", 1_000, deep_pages),
    ("entries-of-the-dss", "copy", 50, store_entries),
    ("bytes-of-crls", "copy", 4_000, store_bomb),
    ("signatures-of-one-revision", "signatures", 20, whole_file_signatures),
    ("properties-of-metadata", "signatures", 2_000, metadata),
]
