"""A request as a line: taken whole or refused with a reason."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import FitError
from models.refits.request import Expected, Request

KEY, JOB = "a" * 64, "0123456789ab"
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["z", "../..", 10**400]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=4,
)


@given(ANYTHING)
def test_any_json_is_taken_for_a_request_or_refused_with_a_reason(content):
    line = json.loads(Request(id=JOB, key=KEY, values={"C01": 1.6}).to_json())
    for fields in (content, line | {"values": content}, line | {"expected": content}, line | {"id": content}):
        try:
            taken = Request.from_json(json.dumps(fields))
        except FitError:
            continue
        assert Request.from_json(taken.to_json()) == taken
        assert taken.id == JOB


@pytest.mark.parametrize(
    "text", ["", "{}", '{"id": "x", "key": "y", "values": {}, "expected": []}', "[1]", "[" * 99999]
)
def test_line_that_is_no_request_is_refused(text: str) -> None:
    with pytest.raises(FitError, match="expected"):
        Request.from_json(text)


def test_request_survives_its_line() -> None:
    answer = Expected(target="state_at_year_end", horizon=1, outcome="strain", probability=0.1 + 0.2, mcse=0.01)
    request = Request(id=JOB, key=KEY, values={"C01": 1.6}, expected=(answer,))
    assert Request.from_json(request.to_json()) == request
