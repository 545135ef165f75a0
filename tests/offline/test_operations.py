"""What a sending may hold, before any record is opened."""

import json
from uuid import uuid4

import pytest
from django.http import QueryDict

from explor.offline.operations import Malformed, read_form, read_json
from explor.offline.records import digest, plain
from tests.offline.samples import body

GOOD = json.loads(body({"need": ("Eau", "")}))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"{" * 100_000,
        json.dumps({**GOOD, "op_id": "pas un numéro"}).encode(),
        json.dumps({**GOOD, "op_id": 3}).encode(),
        json.dumps({**GOOD, "changes": [1]}).encode(),
        json.dumps({**GOOD, "changes": {"need": "Eau"}}).encode(),
        json.dumps({**GOOD, "changes": {"need": {"value": "Eau", "base": ""}}}).encode(),
        json.dumps({**GOOD, "changes": {"need": {"value": [1], "base": ""}}}).encode(),
        json.dumps({**GOOD, "changes": {"": {"value": [], "base": ""}}}).encode(),
        json.dumps({**GOOD, "changes": {"x" * 121: {"value": [], "base": ""}}}).encode(),
        json.dumps({**GOOD, "changes": {"a\0": {"value": [], "base": ""}}}).encode(),
        json.dumps({**GOOD, "changes": {"a": {"value": ["x" * 100_001], "base": ""}}}).encode(),
        json.dumps(
            {**GOOD, "changes": {f"a{n}": {"value": [], "base": ""} for n in range(601)}}
        ).encode(),
        json.dumps({**GOOD, "device": ["d"]}).encode(),
        json.dumps({**GOOD, "resolves": [{"field": "need", "keep": "saved"}]}).encode(),
        json.dumps(
            {**GOOD, "resolves": [{"field": "a", "keep": str(uuid4()), "over": [], "base": ""}]}
        ).encode(),
        b"{" + b" " * 1_000_001 + b"}",
    ],
)
def test_sending_that_is_not_ours_is_refused_whole(content: bytes) -> None:
    with pytest.raises(Malformed):
        read_json(content)


def test_sending_is_read() -> None:
    found = read_json(body({"need": (" Eau \r\nclaire\0 \ud800", "Rien")}))
    assert found.changes["need"].value == ["Eau \nclaire ?"]
    assert found.changes["need"].base == digest(["Rien"])
    assert len(found.sha256) == 64


def test_digest_forgets_what_browsers_and_databases_disagree_on() -> None:
    assert digest(["a\r\nb "]) == digest(["a\nb"])
    assert digest([]) == digest([""]) == digest([" "])
    assert digest(["2", "1"]) == digest(["1", "2"])
    assert digest(["1"]) != digest(["1", "2"])
    assert plain(["", "x"]) == ["", "x"]


def form(**fields: str) -> QueryDict:
    query = QueryDict(mutable=True)
    query.update(fields)
    return query


def test_form_sends_only_what_differs_from_what_it_showed() -> None:
    bases = json.dumps({"need": digest(["Eau"]), "sworn": digest(["on"]), "public": digest(["x"])})
    found = read_form(form(need="Eau", public="y", other="z", bases=bases, token=str(uuid4())))
    assert {name: change.value for name, change in found.changes.items()} == {
        "public": ["y"],
        "sworn": [],
    }


@pytest.mark.parametrize("bases", ["", "[]", "{", '{"need": 3}', "null"])
def test_form_without_bases_of_ours_changes_nothing(bases: str) -> None:
    assert read_form(form(need="Eau", bases=bases)).changes == {}


def test_form_with_a_broken_choice_is_refused() -> None:
    with pytest.raises(Malformed):
        read_form(form(choice="{}"))
    with pytest.raises(Malformed):
        read_form(form(token="x"))
