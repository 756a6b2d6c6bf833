"""Make the files of the cases: throwaway keys, the signatures one after the other, the CRLs to judge them by."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final

from ecert.model.evidence import Evidence
from ecert.testing import Identity, Office, Specimen, person_name
from tests.judged.producers.cases import Case, Who
from tests.judged.producers.programs import FIELDS, PLACES, Order, Place, made, sign

STRANGER: Final = person_name("Lê Văn Khác", organization="CÔNG TY KHÁC", unit="PHÒNG KHÁC")


class Workshop:
    """Makes each case when it is asked for; one office for all."""

    def __init__(self, office: Office) -> None:
        """Take an office with RSA keys: @signpdf knows no others."""
        self.office = office
        self._who: dict[Who, Identity] = {
            "leader": office.signer,
            "body": office.seal,
            "stranger": office.issue(STRANGER),
        }

    @classmethod
    @contextmanager
    def open(cls) -> Iterator[Workshop]:
        """Found the office; its clock follows real time, as the programs' clocks do."""
        with Office.create(algorithm="rsa2048") as office:
            yield cls(office)

    def data(self, case: Case) -> bytes:
        """Return the file of a case."""
        data = made(case.maker, case.kind)
        for number, step in enumerate(case.steps):
            place: Place = "prepared" if case.maker == "pyhanko" else PLACES[number] if step.visible else None
            timestamps = self.office.tsa_url if step.lasting else None
            order = Order(self._who[step.who], FIELDS[number], place, step.permission, timestamps)
            data = sign(step.program, data, order)
        return data

    def specimen(self, case: Case) -> Specimen:
        """Return the file of a case with all that its verdict depends on: anchors, time, CRLs of the present."""
        data = self.data(case)
        office = self.office
        authorities = office.responders.authorities.values()
        return Specimen(
            name=case.name,
            attack="control" if case.verdict == "VALID" else "foreign-file",
            title={"vi": case.name, "en": case.name},
            verdict=case.verdict,
            codes=(),
            policy="signatures",
            at=office.clock.now() + timedelta(seconds=1),  # the programs tell whole seconds
            anchors=tuple(office.anchors),
            data=data,
            evidence=Evidence.of(crls=[office.crl(each) for each in authorities]),
        )
