"""What a form still needs is told at once, and a link says whom it reaches."""

import pytest

from dashboard.wording.saved.forms import (
    AUTHOR_PLEASE,
    NAME_PLEASE,
    here_only_sentence,
    link_sentence,
    missing_words,
    suggested_name,
)
from models.assumptions.knobs import knobs
from models.assumptions.setting import Assumptions


def test_all_that_is_missing_is_told_at_once():
    asked = missing_words({NAME_PLEASE: " ", AUTHOR_PLEASE: ""}, ("Pride and rank", "Sharing the cost"))
    assert asked == (NAME_PLEASE, AUTHOR_PLEASE, "Please say why you moved “Pride and rank” and “Sharing the cost”.")
    assert missing_words({NAME_PLEASE: "Mine", AUTHOR_PLEASE: "Ada"}) == ()


@pytest.mark.parametrize("host", ["localhost:8501", "127.0.0.1:80", "[::1]:8501"])
def test_an_address_of_this_computer_is_said_to_reach_nobody_else(host):
    link = f"http://{host}/record?entry=abc"
    assert "this computer only" in here_only_sentence(link) == link_sentence(link)


@pytest.mark.parametrize("link", ["https://forecasts.example/record?entry=abc", "record?entry=abc"])
def test_any_other_address_reaches_who_can_reach_the_server(link):
    assert "whoever can reach this server" in link_sentence(link)
    assert here_only_sentence(link) == ""


def test_a_name_is_proposed_by_preset_or_move(evidence):
    start = Assumptions(knobs=knobs(evidence.claims))
    moved = start.replace({"C02": 2.0, "persistence": 0.9})
    assert suggested_name(start, "Evidence alone") == "Starting view"
    assert suggested_name(moved, "Sceptic") == "Sceptic"
    assert suggested_name(moved, "") == "Sharing the cost 1.40 → 2.00 and 1 more"
