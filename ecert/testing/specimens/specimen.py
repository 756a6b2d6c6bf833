"""A specimen: one named file, what was done to it, and the verdict it must get."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, get_args

from cryptography import x509

from ecert.model.evidence import Evidence
from ecert.model.files import write_below
from ecert.model.findings import Code
from ecert.model.times import rfc3339
from ecert.report import Report, Verdict
from ecert.testing.pki import pem
from ecert.trust.store import TrustStore
from ecert.verify.copy import verify_copy

AttackClass = Literal[
    "control",
    "universal-forgery",
    "incremental-saving",
    "signature-wrapping",
    "byte-range",
    "shadow",
    "certification",
    "appearance",
    "field-duplication",
    "time-stamp",
    "unsigned-tail",
    "structure",
    "cut-back",
    "record",
    "pages",
    "roles",
    "metadata",
    "look-alike",
    "validation-data",
    "active-content",
    "foreign-file",
]
CLASSES: tuple[AttackClass, ...] = get_args(AttackClass)

#: Folders beside the specimens: one for all, one with a folder for each that needs it.
ANCHORS, EVIDENCE = "anchors", "evidence"


@dataclass(frozen=True)
class Specimen:
    """A good or spoiled file with everything its verdict depends on.

    ``codes`` are findings that must be among the report's; there may be more. ``at`` is the time of
    validation, ``anchors`` are whom to trust for every role.
    """

    name: str
    attack: AttackClass
    title: Mapping[str, str]  # what was done, one sentence in "vi" and "en"
    verdict: Verdict
    codes: tuple[Code, ...]
    policy: str
    at: datetime
    anchors: tuple[x509.Certificate, ...]
    data: bytes = field(repr=False)
    evidence: Evidence = field(default=Evidence(), repr=False)

    @property
    def trust(self) -> TrustStore:
        """Return the anchors as a trust store."""
        return TrustStore.from_certificates(self.anchors)

    def judge(self) -> Report:
        """Return ecert's own report on it, under the conditions stated."""
        return verify_copy(self.data, trust=self.trust, policy=self.policy, at=self.at, evidence=self.evidence)

    def expectation(self) -> dict[str, Any]:
        """Return the content of ``NAME.json``: what to judge, how, and what must come of it.

        ``trust`` and ``evidence`` name folders beside it, for ``--trust`` and ``--evidence``.
        """
        return {
            "name": self.name,
            "class": self.attack,
            "title": dict(self.title),
            "file": f"{self.name}.pdf",
            "sha256": hashlib.sha256(self.data).hexdigest(),
            "verdict": self.verdict,
            "codes": list(self.codes),
            "time": rfc3339(self.at),
            "policy": self.policy,
            "trust": [ANCHORS],
            "evidence": [f"{EVIDENCE}/{self.name}"] if self.evidence else [],
        }

    def write(self, folder: Path) -> Path:
        """Write ``NAME.pdf``, ``NAME.json`` and the folders they name; return the PDF's path.

        Files of the same names are replaced, links in the folder are not followed.

        Raises:
            InputError: something cannot be written.
        """
        text = json.dumps(self.expectation(), ensure_ascii=False, indent=1)
        files = {f"{self.name}.json": text.encode() + b"\n", f"{self.name}.pdf": self.data}
        for number, certificate in enumerate(self.anchors, 1):
            files[f"{ANCHORS}/root-{number}.pem"] = pem(certificate)
        for kind in ("certificates", "ocsps", "crls"):
            for number, der in enumerate(getattr(self.evidence, kind), 1):
                files[f"{EVIDENCE}/{self.name}/{kind}-{number}.der"] = der
        for name, content in files.items():
            write_below(folder, name, content)
        return folder / f"{self.name}.pdf"
