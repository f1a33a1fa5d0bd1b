"""The directory knows authorities by slug and id; a wrong file is refused with the place named."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chassis.directory import BadDirectory, Directory
from chassis.identity.people import BadPeople, load_people
from chassis.roles import Role

DEMO = Path(__file__).parents[3] / "demo"


@pytest.fixture
def directory() -> Directory:
    """Give the directory of the demo."""
    return Directory.load(DEMO / "directory.json")


def test_authorities_are_found_by_slug_and_by_id(directory: Directory) -> None:
    saltby = directory.authority("saltby")
    assert saltby is not None
    assert directory.by_id(saltby.id) is saltby
    partnership = directory.partnership_of(saltby.id)
    assert partnership is not None
    assert partnership.slug == "wap"


def test_the_slug_of_each_authoritys_partnership_is_known_by_its_id(directory: Directory) -> None:
    saltby, estover = (directory.authority(each) for each in ("saltby", "estover"))
    assert saltby is not None
    assert estover is not None
    assert directory.partnership_slugs[saltby.id] == "wap"
    assert estover.id not in directory.partnership_slugs


def test_those_outside_have_no_partnership_and_keep_no_records(directory: Directory) -> None:
    estover = directory.authority("estover")
    assert estover is not None
    assert estover.outside
    assert directory.partnership_of(estover.id) is None
    assert estover.id not in directory.tenants
    assert len(directory.tenants) == 5


def test_who_is_not_there_is_none(directory: Directory) -> None:
    assert directory.authority("atlantis") is None
    assert directory.partnership("atlantis") is None


def spoil(change: Callable[[Any], object]) -> str:
    form = json.loads((DEMO / "directory.json").read_text())
    change(form)
    return json.dumps(form)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("{", "not JSON"),
        ('{"partnerships": {}, "partnerships": {}, "authorities": {}}', "a key stands twice"),
        (spoil(lambda form: form.pop("authorities")), "authorities"),
        (spoil(lambda form: form["authorities"]["saltby"].update(id="x")), "authorities.saltby.id"),
        (spoil(lambda form: form["authorities"]["saltby"].update(x=1)), "authorities.saltby.x"),
        (
            spoil(
                lambda form: form["authorities"].update({"Not A Slug": {"id": "x", "name": "y"}})
            ),
            "authorities",
        ),
        (
            spoil(
                lambda form: form["authorities"]["saltby"].update(
                    id=form["authorities"]["estover"]["id"]
                )
            ),
            "two have one id",
        ),
        (
            spoil(lambda form: form["partnerships"]["wap"]["authorities"].append("estover")),
            "partnerships.wap.authorities: estover",
        ),
        (
            spoil(lambda form: form["partnerships"]["anc"]["authorities"].append("saltby")),
            "partnerships.anc.authorities: saltby",
        ),
    ],
)
def test_a_wrong_file_is_refused_with_the_place_named(
    text: str, named: str, tmp_path: Path
) -> None:
    file = tmp_path / "directory.json"
    file.write_text(text)
    with pytest.raises(BadDirectory, match=named):
        Directory.load(file)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadDirectory, match="No such file"):
        Directory.load(tmp_path / "directory.json")


def test_the_demo_has_people_in_every_role_for_both_partnerships(directory: Directory) -> None:
    people = load_people(DEMO / "people.json", directory).values()
    for partnership in directory.partnerships.values():
        tenants = frozenset(each.id for each in partnership.authorities)
        roles = {role for each in people if each.tenants == tenants for role in each.roles}
        assert roles == set(Role) - {Role.OPERATOR, Role.SERVICE}
    operators = [each for each in people if Role.OPERATOR in each.roles]
    assert [each.roles for each in operators] == [frozenset({Role.OPERATOR})]


def test_people_of_an_authority_that_is_not_there_are_refused(
    directory: Directory, tmp_path: Path
) -> None:
    file = tmp_path / "people.json"
    form = json.loads((DEMO / "people.json").read_text())
    form["people"]["wap-duty-1"]["authorities"] = ["estover"]
    file.write_text(json.dumps(form))
    with pytest.raises(BadPeople, match=r"people\.wap-duty-1\.authorities: estover"):
        load_people(file, directory)
