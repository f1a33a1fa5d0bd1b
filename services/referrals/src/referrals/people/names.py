"""When two children of one authority are one: same names and birth date, however they are typed."""

import unicodedata
from datetime import date

# Letters whose stroke or missing dot Unicode does not take apart as an accent.
_STRUCK = str.maketrans("øłđħŧı", "oldhti")
_SEPARATOR = "\x1f"


def normalised_name(name: str) -> str:
    """Return a name without case, accents and spaces."""
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    return "".join(each for each in apart if _counts(each)).translate(_STRUCK)


def child_key(given_name: str, family_name: str, born_on: date) -> str | None:
    """Return what a child's blind index is made of, or None where a name is blank.

    Nobody is taken for somebody else because neither has a name.
    """
    given, family = normalised_name(given_name), normalised_name(family_name)
    if not given or not family:
        return None
    return _SEPARATOR.join((given, family, born_on.isoformat()))


def _counts(character: str) -> bool:
    return unicodedata.category(character)[0] not in {"M", "Z", "C"}
