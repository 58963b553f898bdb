"""Arguments of the wrong type, unknown ones and missing ones are errors that say what to do."""

import math
import re
from typing import Any

import pytest

from relmgr_cli.mcp.arguments import ArgumentError, Arguments, input_schema, read_arguments

REQUIRED, OPTIONAL = ("query",), ("languages", "article", "limit", "page")


def read(**given: Any) -> Arguments:
    return read_arguments("search", given, REQUIRED, OPTIONAL)


def test_what_is_not_given_or_null_has_its_default() -> None:
    assert read(query="dog", limit=None) == Arguments(query="dog")


def test_the_forms_in_which_models_write_arguments_are_taken() -> None:
    assert read(query=7).query == "7"
    assert read(query="a\ud800").query == "a?"
    assert read(query="a", languages="pl, ru").languages == ("pl", "ru")
    assert read(query="a", languages=["pl", " "]).languages == ("pl",)
    assert read(query="a", limit=3.0).limit == 3


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "search needs the argument query"),
        ({"query": " \n"}, "search needs the argument query"),
        ({"query": None}, "search needs the argument query"),
        ({"query": ["a"]}, "query must be a string"),
        ({"query": True}, "query must be a string"),
        ({"query": 10**5000}, "query must be a string"),
        ({"query": "a", "limit": 0}, "limit must be a whole number from 1 to 50"),
        ({"query": "a", "limit": 51}, "limit must be a whole number from 1 to 50"),
        ({"query": "a", "limit": "many"}, "limit must be a whole number from 1 to 50"),
        ({"query": "a", "limit": 2.5}, "limit must be a whole number from 1 to 50"),
        ({"query": "a", "limit": math.inf}, "limit must be a whole number from 1 to 50"),
        ({"query": "a", "limit": math.nan}, "limit must be a whole number from 1 to 50"),
        ({"query": "a", "limit": True}, "limit must be a whole number from 1 to 50"),
        ({"query": "a", "page": -1}, "page must be a whole number from 1 to 1000000"),
        ({"query": "a", "languages": 5}, "languages must be a list of strings"),
        ({"query": "a", "languages": ["pl", 5]}, "languages must be a list of strings"),
        ({"query": "a", "languages": {"pl": 1}}, "languages must be a list of strings"),
        (
            {"query": "a", "path": "/etc/passwd"},
            "search has no argument 'path'; use query, languages, article, limit, page",
        ),
        ({"query": "a", "x\x1b[2J" * 90: ""}, "search has no argument 'x␛"),
    ],
)
def test_other_arguments_are_errors(given: dict[str, Any], message: str) -> None:
    with pytest.raises(ArgumentError, match=re.escape(message)) as error:
        read(**given)
    assert len(str(error.value)) < 200


def test_the_schema_names_types_and_limits_and_forbids_the_rest() -> None:
    schema = input_schema(REQUIRED, OPTIONAL)
    assert list(schema["properties"]) == [*REQUIRED, *OPTIONAL]
    assert (schema["required"], schema["additionalProperties"]) == (["query"], False)
    assert schema["properties"]["limit"]["maximum"] == 50
    assert schema["properties"]["languages"]["items"] == {"type": "string"}
