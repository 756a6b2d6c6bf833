"""The XMP packet of a certified copy (ISO 16684-1; ISO 19005-3, 6.6.2), written from the record alone."""

from __future__ import annotations

from datetime import datetime
from html import escape

from ecert.formats.ecert1.languages import WORDINGS
from ecert.formats.record import CopyRecord
from ecert.model.times import rfc3339

NAMESPACE = "urn:ecert:xmp:1#"
_PROPERTIES = (
    ("format", "The format of this certified copy, such as ecert-1"),
    ("id", "The identifier (UUID) of this certified copy"),
    ("number", "The certification number with book and series"),
)


def document_title(record: CopyRecord) -> str:
    """Return the title viewers show in their window."""
    return WORDINGS[record.language].title.format(title=record.certification.original.title)


def xmp_packet(record: CopyRecord, created: datetime, *, own: bool = True) -> bytes:
    """Return the packet; ``created`` is when the draft was made, ``own=False`` leaves out ours."""
    act = record.certification
    values = {"format": record.format, "id": record.id, "number": f"{act.number}; {act.book}; {act.series}"}
    language = WORDINGS[record.language].tag
    time = rfc3339(created)
    title = escape(document_title(record), quote=False)
    declared = _declared(values) if own else ""
    return f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"{_NAMESPACES if own else ""}>
   <pdfaid:part>3</pdfaid:part>
   <pdfaid:conformance>B</pdfaid:conformance>
   <dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
   <dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
   <xmp:CreateDate>{time}</xmp:CreateDate>
   <xmp:ModifyDate>{time}</xmp:ModifyDate>
   <xmp:MetadataDate>{time}</xmp:MetadataDate>
   <xmp:CreatorTool>ecert</xmp:CreatorTool>
{declared}  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>""".encode()


_NAMESPACES = f"""
    xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
    xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
    xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"
    xmlns:ecert="{NAMESPACE}\""""


def _declared(values: dict[str, str]) -> str:
    """Return our properties and the extension schema that declares them (6.6.2.3.3)."""
    own = "".join(f"   <ecert:{name}>{escape(v, quote=False)}</ecert:{name}>\n" for name, v in values.items())
    schema = "".join(
        f"""      <rdf:li rdf:parseType="Resource">
       <pdfaProperty:name>{name}</pdfaProperty:name>
       <pdfaProperty:valueType>Text</pdfaProperty:valueType>
       <pdfaProperty:category>external</pdfaProperty:category>
       <pdfaProperty:description>{meaning}</pdfaProperty:description>
      </rdf:li>
"""
        for name, meaning in _PROPERTIES
    )
    return f"""{own}   <pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
     <pdfaSchema:schema>Certified electronic copy</pdfaSchema:schema>
     <pdfaSchema:namespaceURI>{NAMESPACE}</pdfaSchema:namespaceURI>
     <pdfaSchema:prefix>ecert</pdfaSchema:prefix>
     <pdfaSchema:property><rdf:Seq>
{schema}     </rdf:Seq></pdfaSchema:property>
    </rdf:li></rdf:Bag></pdfaExtension:schemas>
"""
