"""Terms of the glossary are linked where they first stand, and nothing else of a sentence changes."""

import pytest

from dashboard.frame.plain_markdown import plain
from dashboard.frame.terms import linked
from dashboard.wording.glossary import GLOSSARY, define
from dashboard.wording.method.sections import anchor, folded


def test_the_first_occurrence_leads_to_its_meaning():
    told = linked("These are hindcasts: no hindcast *counts*.", "hindcast")
    assert told == f'These are [hindcasts](method#hindcast "{define("hindcast")}")\\: no hindcast {plain("*counts*.")}'


def test_what_does_not_occur_is_left_alone_and_no_unknown_term_is_asked_for():
    assert linked("Nothing here.", "Pareto k") == plain("Nothing here.")
    with pytest.raises(KeyError, match="add it to the glossary"):
        linked("Nothing here.", "no such term")


def test_a_meaning_cannot_end_its_own_title_and_every_term_has_an_anchor_of_its_own():
    assert not any('"' in meaning or "\n" in meaning for meaning in GLOSSARY.values())
    assert len({anchor(term) for term in GLOSSARY}) == len(GLOSSARY)


def test_a_text_is_folded_after_the_first_block_of_each_section():
    first, second = folded("ignored\n\n## One's own\n\nBrief.\n\nRest.\n\n### Deeper\n\nMore.\n\n## Two\n\n- a\n- b\n")
    assert (first.title, first.brief) == ("One's own", "Brief.")
    assert first.rest == "Rest.\n\n### Deeper\n\nMore."
    assert (second.brief, second.rest) == ("- a\n- b", "")
    assert anchor(first.title) == "ones-own"
