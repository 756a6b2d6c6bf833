"""Signer and seal as small values: what the tree says of them, and nothing where there is nobody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import FrozenInstanceError
from datetime import UTC, datetime
from typing import Any

import pytest

from ecert.model.times import rfc3339
from ecert.report import CertificateView, Report, SignatureView
from tests.kit import Desk
from tests.report.conftest import SITUATIONS

ReportOf = Callable[[str], Report]


def plain(value: object) -> object:
    """Return a view's value as the tree has it."""
    if isinstance(value, datetime):
        return rfc3339(value)
    return list(value) if isinstance(value, tuple) else value


@pytest.mark.parametrize("name", SITUATIONS)
def test_views_say_what_the_tree_says(report_of: ReportOf, name: str):
    report = report_of(name)
    for role, view in (("signer", report.signer), ("seal", report.seal)):
        rows: list[Any] = [s for s in report.to_dict()["signatures"] if s["role"] == role]
        assert (view is None) == (not rows)
        if view is None:
            continue
        row, certificate = rows[0], view.certificate
        for key in vars(view).keys() - {"certificate", "time_proven"}:
            assert plain(getattr(view, key)) == row[key]
        assert view.time_proven == any(t["counts"] for t in row["timestamps"])
        assert (certificate is None) == (row["certificate"] is None)
        if certificate is not None:
            assert {key: plain(value) for key, value in vars(certificate).items()} == row["certificate"]
            assert view.name == certificate.name


def test_the_signer_and_the_seal_of_a_good_copy(desk: Desk, report_of: ReportOf):
    report = report_of("level-B-LTA")
    assert isinstance(report.signer, SignatureView)
    assert isinstance(report.seal, SignatureView)
    assert isinstance(report.seal.certificate, CertificateView)
    assert (report.signer.role, report.signer.field, report.signer.name) == (
        "signer",
        "Signer",
        desk.office.signer.name,
    )
    assert (report.seal.role, report.seal.indication, report.seal.level) == ("seal", "TOTAL-PASSED", "B-LTA")
    assert report.signer.time_proven
    assert report.signer.best_signature_time is not None
    assert report.signer.best_signature_time.tzinfo is UTC
    with pytest.raises(FrozenInstanceError):
        report.seal.level = None  # type: ignore[misc]


def test_without_a_seal_there_is_none(report_of: ReportOf):
    assert report_of("no-seal").signer is not None
    assert report_of("no-seal").seal is None
    assert report_of("no-pdf").signer is None
