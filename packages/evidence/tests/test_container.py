"""A bundle is a zip of one form: any program reads it, and nothing hostile comes out of it."""

import io
import zipfile
from typing import Any
from uuid import UUID

import pytest

from evidence.bundle import (
    BadBundle,
    make_bundle,
    read_bundle,
    unpack_bundle,
    write_bundle,
)
from evidence.container import pack
from evidence.report import Report
from evidence.verify import verify_bundle

TENANT = UUID("0b5e6ab0-0000-4000-8000-000000000001")
CASE = UUID("0b5e6ab0-0000-4000-8000-0000000000ca")


def _bundle(*logs: Any) -> bytes:
    return make_bundle(TENANT, CASE, {log.service: log.part() for log in logs})


def _verified(data: bytes, *logs: Any) -> Report:
    return verify_bundle(data, [log.verifier for log in logs])


def _first(report: Report) -> str:
    assert report.first is not None
    return str(report.first)


def test_any_zip_program_can_read_it(casework: Any) -> None:
    data = _bundle(casework)
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        assert opened.testzip() is None
        assert {each: opened.read(each) for each in opened.namelist()} == unpack_bundle(data)
        assert opened.namelist()[0] == "README.txt"


def test_it_is_written_and_read_as_a_file(casework: Any, tmp_path: Any) -> None:
    path = tmp_path / "case.zip"
    write_bundle(path, TENANT, CASE, {"casework": casework.part()})
    assert _verified(read_bundle(path), casework).ok
    assert [each.name for each in tmp_path.iterdir()] == ["case.zip"]


@pytest.mark.parametrize(
    "name", ["../evil", "/etc/passwd", "parts/../x.json", "parts/a/b.json", "x", "parts/.json", ""]
)
def test_a_file_of_another_name_is_refused(casework: Any, name: str) -> None:
    data = pack([*unpack_bundle(_bundle(casework)).items(), (name, b"x")])
    with pytest.raises(BadBundle, match="no file of the name"):
        unpack_bundle(data)
    assert not _verified(data, casework).ok


def test_two_files_of_one_name_are_refused(casework: Any) -> None:
    files = list(unpack_bundle(_bundle(casework)).items())
    assert "repeat" in _first(_verified(pack([*files, files[-1]]), casework))


def test_a_zip_packed_by_another_program_is_refused(casework: Any) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in unpack_bundle(_bundle(casework)).items():
            archive.writestr(name, content)
    assert "packed by another program" in _first(_verified(packed.getvalue(), casework))


def test_what_is_no_bundle_at_all_is_refused(casework: Any) -> None:
    for data in (b"", b"PK", b"PK\x03\x04", b"hello", bytes(1000)):
        assert not _verified(data, casework).ok
    data = _bundle(casework)
    for cut in (1, 100, len(data) // 2, len(data) - 1):
        assert not _verified(data[:cut], casework).ok
    assert not _verified(data + b"x", casework).ok
    assert not _verified(b"x" + data, casework).ok
