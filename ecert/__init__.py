"""Certified electronic copies: scan → PDF/A-3b → signature → seal, and one verdict about the result.

Where to start::

    certify_copy            the whole act in one process
    prepare_copy → sign_copy → seal_copy
                            the same act across two desks: Draft → SignedCopy → CertifiedCopy
    extend_copy             raise a copy's level, renew its archive time-stamp in time
    gather_evidence         ask the network, apart from judging
    verify_copy             a Report: VALID, INVALID or INDETERMINATE, with findings
    Sandbox                 the same report, made in a process with limits of time and memory

What goes in: :class:`Scan`, :class:`CertificationRecord`, :func:`open_key`, :class:`TrustStore`,
:class:`Services`, :class:`Policy`; all of it from a file: :class:`Settings`. What goes wrong: :class:`EcertError`.

The rooms::

    cli · testing           the command line; a kit for the tests of others
    operations · certify · settings
                            whole operations without a command line; the act in one call; a file of settings
    stages · sandbox        each step writes, then verifies; judging in a process of its own
    capture · sign · verify from scans to a draft; keys and signatures; from a document to its findings
    report · trust          what is told; whom to believe and to ask (the only room with sockets)
    formats                 what bytes mean; formats.ecert1 writes copies
    model · errors · words  shared vocabulary; what goes wrong; every sentence, in both languages
    logs · version

Names are resolved when first used; importing the package loads none of the heavy libraries, and
keeps those that quote documents out of logs (:mod:`ecert.logs`).
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ecert.logs import silence_libraries
from ecert.version import __version__

if TYPE_CHECKING:
    from ecert.capture.scan import Scan
    from ecert.certify import certify_copy
    from ecert.errors import (
        EcertError,
        InputError,
        PinError,
        RecordError,
        ServiceError,
        SettingsError,
        SigningKeyError,
        StageError,
        UsageError,
    )
    from ecert.formats.record import CertificationRecord, CopyRecord
    from ecert.model.evidence import Evidence
    from ecert.report import Finding, Report, VerificationError
    from ecert.sandbox import Sandbox
    from ecert.settings import Settings
    from ecert.sign.keys import PinRequest, SigningKey
    from ecert.sign.opening import open_key
    from ecert.stages import (
        CertifiedCopy,
        Draft,
        SelfCheckError,
        SignedCopy,
        extend_copy,
        prepare_copy,
        seal_copy,
        sign_copy,
    )
    from ecert.trust.questions import gather_evidence
    from ecert.trust.services import Services, TimestampService
    from ecert.trust.store import TrustStore
    from ecert.verify.copy import verify_copy
    from ecert.verify.policies import Policy

_HOMES = {
    "Scan": "ecert.capture.scan",
    "certify_copy": "ecert.certify",
    "EcertError": "ecert.errors",
    "InputError": "ecert.errors",
    "PinError": "ecert.errors",
    "RecordError": "ecert.errors",
    "ServiceError": "ecert.errors",
    "SettingsError": "ecert.errors",
    "SigningKeyError": "ecert.errors",
    "StageError": "ecert.errors",
    "UsageError": "ecert.errors",
    "CertificationRecord": "ecert.formats.record",
    "CopyRecord": "ecert.formats.record",
    "Evidence": "ecert.model.evidence",
    "Finding": "ecert.report",
    "Report": "ecert.report",
    "VerificationError": "ecert.report",
    "Sandbox": "ecert.sandbox",
    "Settings": "ecert.settings",
    "PinRequest": "ecert.sign.keys",
    "SigningKey": "ecert.sign.keys",
    "open_key": "ecert.sign.opening",
    "CertifiedCopy": "ecert.stages",
    "Draft": "ecert.stages",
    "SelfCheckError": "ecert.stages",
    "SignedCopy": "ecert.stages",
    "extend_copy": "ecert.stages",
    "prepare_copy": "ecert.stages",
    "seal_copy": "ecert.stages",
    "sign_copy": "ecert.stages",
    "gather_evidence": "ecert.trust.questions",
    "Services": "ecert.trust.services",
    "TimestampService": "ecert.trust.services",
    "TrustStore": "ecert.trust.store",
    "verify_copy": "ecert.verify.copy",
    "Policy": "ecert.verify.policies",
}

__all__ = [
    "CertificationRecord",
    "CertifiedCopy",
    "CopyRecord",
    "Draft",
    "EcertError",
    "Evidence",
    "Finding",
    "InputError",
    "PinError",
    "PinRequest",
    "Policy",
    "RecordError",
    "Report",
    "Sandbox",
    "Scan",
    "SelfCheckError",
    "ServiceError",
    "Services",
    "Settings",
    "SettingsError",
    "SignedCopy",
    "SigningKey",
    "SigningKeyError",
    "StageError",
    "TimestampService",
    "TrustStore",
    "UsageError",
    "VerificationError",
    "__version__",
    "certify_copy",
    "extend_copy",
    "gather_evidence",
    "open_key",
    "prepare_copy",
    "seal_copy",
    "sign_copy",
    "verify_copy",
]


silence_libraries()


def __getattr__(name: str) -> Any:
    """Resolve a public name on first use (PEP 562)."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'ecert' has no attribute {name!r}")
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
