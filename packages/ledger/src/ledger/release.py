"""Which code is running: what was half made by other code is not gone on with."""

import hashlib
from functools import cache
from importlib.util import find_spec
from pathlib import Path


@cache
def release_of(*packages: str) -> str:
    """Return a hash over the sources of some packages.

    It changes with every line, also with one that matters to nobody: what rests on it is then made
    anew, which costs time and is never wrong.
    """
    digest = hashlib.sha256()
    for package in sorted(set(packages)):
        for folder in _folders(package):
            for file in sorted(folder.rglob("*.py")):
                digest.update(f"{package}/{file.relative_to(folder)}\0".encode())
                digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:32]


def _folders(package: str) -> list[Path]:
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise LookupError(f"{package} is no package")
    return [Path(each) for each in spec.submodule_search_locations]
