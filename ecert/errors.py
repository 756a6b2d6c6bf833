"""Every error ecert raises on purpose.

::

    EcertError
    ├── UsageError            2   the call itself is wrong
    │   └── SettingsError     2   a settings file or variable is wrong
    ├── InputError            4   a document or image is refused
    │   ├── StageError        4   a PDF is not of the stage it was opened as
    │   └── RecordError       4   a field of the certification record is wrong
    ├── SigningKeyError       5   no usable key, or not exactly one
    │   └── PinError          5   the PIN or pass phrase was wrong or missing
    ├── ServiceError          6   a time-stamp, OCSP, CRL or AIA service did not answer
    └── VerificationError   1|3   a report that was required to be VALID is not

The number is the exit status of the command line. A bad *document* is a result
(a report with findings), only a bad *call* is an exception.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from ecert.report import Report


class EcertError(Exception):
    """Say what happened, with which value, and what to do next.

    ``code`` is a stable kebab-case word for programs, ``hint`` the way out for people.
    """

    exit_status: ClassVar[int] = 70
    default_code: ClassVar[str] = "error"

    def __init__(self, message: str, *, code: str | None = None, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.default_code
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} ({self.hint})" if self.hint else self.message


class UsageError(EcertError):
    """The call contradicts itself or lacks something."""

    exit_status = 2
    default_code = "usage"


class SettingsError(UsageError):
    """A settings file, variable or flag has an unknown key or an impossible value."""

    default_code = "settings"


class InputError(EcertError):
    """A scan or document is refused, by name."""

    exit_status = 4
    default_code = "input-refused"


class StageError(InputError):
    """A PDF is not the draft, signed copy or certified copy it was opened as."""

    default_code = "wrong-stage"


class RecordError(InputError):
    """A field of the certification record is missing or impossible; ``path`` names it."""

    default_code = "record-invalid"

    def __init__(self, message: str, *, path: str = "", code: str | None = None, hint: str = "") -> None:
        super().__init__(f"{path}: {message}" if path else message, code=code, hint=hint)
        self.path = path


class SigningKeyError(EcertError):
    """There is no usable key, or more than one, or its certificate may not sign this."""

    exit_status = 5
    default_code = "key-refused"


class PinError(SigningKeyError):
    """The PIN or pass phrase was wrong or could not be had; it is never tried twice."""

    default_code = "pin-refused"


class ServiceError(EcertError):
    """A time-stamp, OCSP, CRL or issuer service did not give what the level needs."""

    exit_status = 6
    default_code = "service-unavailable"


class VerificationError(EcertError):
    """The report is not VALID; ``report`` says why."""

    default_code = "not-valid"

    def __init__(self, message: str, *, report: Report, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.report = report

    @property
    def exit_status(self) -> int:  # type: ignore[override]
        """Return 1 for INVALID, 3 for INDETERMINATE."""
        return 1 if self.report.verdict == "INVALID" else 3
