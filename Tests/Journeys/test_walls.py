"""The walls between the targets, which SwiftPM does not guard: a module left in the build folder can be imported undeclared."""

import re

import pytest

from desk import ROOT

SYSTEM = {"Foundation", "FoundationEssentials", "Synchronization", "Dispatch", "Glibc"}
MAY_IMPORT = {
    "AbideCore": {"Foundation", "FoundationEssentials", "Synchronization"},
    "AbideStore": SYSTEM | {"AbideCore", "GRDB", "GRDBSQLite", "CLibPQ", "CZlib", "Crypto", "Logging"},
    "AbideMail": SYSTEM | {"AbideCore", "NIOCore", "NIOPosix", "NIOSSL", "CryptoExtras", "CGMime", "CCurl", "CGumbo", "Crypto", "Logging"},
    "AbideDesk": SYSTEM | {"AbideCore", "AbideStore", "CZxcvbn", "Yams", "Crypto", "CryptoExtras", "Logging"},
    "AbideWeb": SYSTEM | {"AbideCore", "AbideDesk", "Hummingbird", "HummingbirdCore", "HTTPTypes", "NIOCore", "CMarkGFM", "CPangoCairo", "CQRencode", "CZlib", "Logging"},
}
IMPORT = re.compile(r"^\s*(?:@\w+\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?import\s+(?:(?:struct|class|enum|func|protocol|typealias|let|var)\s+)?(\w+)", re.M)


@pytest.mark.parametrize("target", MAY_IMPORT)
def test_a_target_imports_only_what_its_place_allows(target):
    files = list((ROOT / "Sources" / target).rglob("*.swift"))
    assert files
    strangers = {f"{file.relative_to(ROOT)}: {module}" for file in files for module in IMPORT.findall(file.read_text()) if module not in MAY_IMPORT[target]}
    assert not strangers


@pytest.mark.parametrize("banned, instead", [
    (r"\bTimeZone\.current\b", "the zone belongs to the calendar or the reader"),
    (r"\btry!|\bfatalError\(\"", "an error that says what is wrong"),
])
def test_no_source_uses_what_has_a_better_way(banned, instead):
    found = [
        f"{file.relative_to(ROOT)}:{number}" for file in (ROOT / "Sources").rglob("*.swift")
        for number, line in enumerate(file.read_text().splitlines(), 1) if re.search(banned, line.split("//")[0])]
    assert not found, f"use {instead}"


def test_the_core_reads_no_clock_and_rolls_no_dice():
    found = [
        f"{file.relative_to(ROOT)}:{number}" for file in (ROOT / "Sources/AbideCore").rglob("*.swift")
        for number, line in enumerate(file.read_text().splitlines(), 1)
        if re.search(r"\bDate\(\)|\.random\(|\bUUID\(\)|\basync\b|\bawait\b|SystemRandomNumberGenerator", line.split("//")[0])]
    assert not found
