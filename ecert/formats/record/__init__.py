"""The certification record: what the office states, and what stands in the file.

* :mod:`~ecert.formats.record.fields`: the two models, :class:`CertificationRecord` (stated by the
  office) and :class:`CopyRecord` (the same, plus what ``prepare_copy`` measured).
* :mod:`~ecert.formats.record.embedded`: where it stands in a copy.
* :mod:`~ecert.formats.record.refusals`: what is said of a field that is not taken, with its path.
* :mod:`~ecert.formats.record.xml`: ``ecert-record.xml``, its XSD and the way back.
"""

from ecert.formats.record.embedded import embedded_record
from ecert.formats.record.fields import (
    Body,
    Capture,
    CertificationRecord,
    Certifier,
    CopyRecord,
    Delegation,
    Officer,
    Original,
    PageFacts,
)
from ecert.formats.record.xml import RECORD_FILE_NAME, read_record_xml, write_record_xml

__all__ = [
    "RECORD_FILE_NAME",
    "Body",
    "Capture",
    "CertificationRecord",
    "Certifier",
    "CopyRecord",
    "Delegation",
    "Officer",
    "Original",
    "PageFacts",
    "embedded_record",
    "read_record_xml",
    "write_record_xml",
]
