"""From a claim to what measures it, and back."""

from data.load import load_claims, load_evidence
from data.receipts import DATA_FOLDER
from data.vocabulary import MECHANISMS
from models.assumptions.behind import claims_of, claims_on, mechanism_of, series_of

CLAIMS = {claim.id: claim for claim in load_claims(DATA_FOLDER)}


def test_series_and_claims_lead_to_each_other():
    available = tuple(load_evidence().indicators)
    for claim in CLAIMS.values():
        for name in series_of(claim, available):
            assert claim in claims_of(CLAIMS.values(), name)
    assert "un_ideal_points.absdist_chn_rus" in series_of(CLAIMS["C05"], available)
    table = series_of(CLAIMS["C01"], available)
    assert {"entity_list_annual.total_added"} <= set(table)
    assert len(table) > len(CLAIMS["C01"].indicators) - 2
    assert series_of(CLAIMS["C14"], available) == ()


def test_rows_and_claims_lead_to_each_other():
    assert mechanism_of(CLAIMS["C08"]) == "mistrust_ip"
    assert mechanism_of(CLAIMS["C01"]) == "balancing_us"
    assert {mechanism_of(claim) for claim in CLAIMS.values()} <= set(MECHANISMS)
    assert [claim.id for claim in claims_on(CLAIMS.values(), "joint_projects")] == ["C04"]
    assert claims_on(CLAIMS.values(), "other") == ()
