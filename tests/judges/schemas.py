"""XML schemas that come with EU DSS, read out of its jars; nothing of them is kept here."""

from __future__ import annotations

import zipfile
from functools import cache
from typing import Any, Final

from lxml import etree

from tests.judges.install import DSS
from tests.judges.tools import require

#: what a schema imports → the jar that has it, and its name there
_IMPORTS: Final = {
    "http://www.w3.org/TR/2002/REC-xmldsig-core-20020212/xmldsig-core-schema.xsd": (
        "specs-xmldsig",
        "xmldsig-core-schema.xsd",
    ),
    "http://www.w3.org/2001/xml.xsd": ("specs-xmldsig", "xml.xsd"),
    "http://uri.etsi.org/01903/v1.3.2/XAdES.xsd": ("specs-xades", "XAdES.xsd"),
    "http://uri.etsi.org/19612/v2.2.1/ts_119612v020201_201601xsd.xsd": (
        "specs-trusted-list",
        "ts_119612v020101_xsd.xsd",
    ),
}


class _Jars(etree.Resolver):
    def resolve(self, system_url: str, public_id: str, context: Any) -> Any:  # type: ignore[override]
        return self.resolve_string(_read(*_IMPORTS[system_url]), context, base_url=system_url)


@cache
def validation_report_schema() -> etree.XMLSchema:
    """Return the schema of ETSI TS 119 102-2 V1.4.1, with all it imports; without network."""
    require("dss")
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(_Jars())
    source = _read("specs-validation-report", "1910202xmlSchema.xsd")
    return etree.XMLSchema(etree.fromstring(source, parser))


def dss_words(of: str) -> bytes:
    """Return a class of DSS's enumerations, as it stands in the jar: its words are in there."""
    require("dss")
    (jar,) = DSS.jars.glob("dss-enumerations-*.jar")
    with zipfile.ZipFile(jar) as archive:
        return archive.read(f"eu/europa/esig/dss/enumerations/{of}.class")


def _read(jar: str, name: str) -> bytes:
    (path,) = DSS.jars.glob(f"{jar}-*.jar")
    with zipfile.ZipFile(path) as archive:
        return archive.read(f"xsd/{name}")
