"""Who somebody is: by a verified sign-in, the machine they sit at, or what whoever runs the page has said."""

import pytest

from dashboard.roles import assigned, people
from dashboard.roles.actions import Role, RoleError
from dashboard.roles.assigned import EVERYONE_VARIABLE, Roles
from dashboard.server import reach

NOW = 1_800_000_000.0
CLAIMS = {
    "is_logged_in": True,
    "iss": "https://id.example.org",
    "sub": "17",
    "iat": NOW - 60,
    "email": "Ada@Example.org",
    "email_verified": True,
    "name": "Ada",
}
LISTS = {
    "keeper": {"emails": ["ada@example.org"], "groups": ["keepers"]},
    "forecaster": {"subjects": ["17"], "groups": ["desk"]},
}


@pytest.fixture(autouse=True)
def _nothing_said(monkeypatch):
    monkeypatch.delenv(EVERYONE_VARIABLE, raising=False)


@pytest.fixture
def at_home(monkeypatch):
    """A server that listens to its own machine alone."""
    options = {"server.address": "127.0.0.1", "server.allowedHosts": ["localhost"]}
    monkeypatch.setattr(people, "is_for_this_machine", reach.is_for_this_machine)
    monkeypatch.setattr(reach.config, "get_option", options.__getitem__)
    monkeypatch.setattr(assigned, "signing_in", lambda: False)
    return options


@pytest.fixture
def sign_in(monkeypatch):
    monkeypatch.setattr(assigned, "signing_in", lambda: True)
    monkeypatch.setattr(assigned, "roles", lambda: Roles.read(LISTS))


@pytest.mark.usefixtures("at_home")
def test_whoever_sits_at_the_machine_is_keeper():
    someone = people.known({}, {}, NOW)
    assert (someone.role, someone.here, someone.author) == (Role.KEEPER, True, "")


@pytest.mark.parametrize("name", ["X-Forwarded-For", "Forwarded", "x-real-ip"])
@pytest.mark.usefixtures("at_home")
def test_a_request_that_was_passed_on_is_a_readers(name):
    someone = people.known({}, {name.lower(): "10.0.0.1"}, NOW)
    assert (someone.role, someone.here) == (Role.READER, False)


def test_open_to_a_network_everybody_reads_unless_it_is_said_otherwise(at_home, monkeypatch):
    at_home["server.allowedHosts"].append("conjunction.example.org")
    assert people.known({}, {}, NOW).role is Role.READER
    monkeypatch.setenv(EVERYONE_VARIABLE, "Forecaster")
    assert people.known({}, {}, NOW) == people.Person(role=Role.FORECASTER)
    monkeypatch.setenv(EVERYONE_VARIABLE, "boss")
    assert people.known({}, {}, NOW).role is Role.READER


@pytest.mark.usefixtures("at_home", "sign_in")
def test_where_people_sign_in_the_machine_gives_no_role(monkeypatch):
    monkeypatch.setenv(EVERYONE_VARIABLE, "keeper")
    assert people.known({}, {}, NOW) == people.Person()


@pytest.mark.usefixtures("sign_in")
def test_a_signed_in_person_has_the_highest_role_of_the_lists_and_a_name():
    someone = people.known(CLAIMS, {}, NOW)
    assert (someone.role, someone.author, someone.signed_in) == (Role.KEEPER, "Ada (Ada@Example.org)", True)
    assert people.known({**CLAIMS, "sub": "18"}, {}, NOW).key != someone.key


@pytest.mark.parametrize(
    ("change", "role"),
    [
        ({"email_verified": False}, Role.FORECASTER),
        ({"email_verified": "true"}, Role.FORECASTER),
        ({"email": "eve@example.org", "sub": "9"}, Role.READER),
        ({"email": "eve@example.org", "sub": "9", "groups": ["desk", "keepers"]}, Role.KEEPER),
        ({"email": "eve@example.org", "sub": "9", "groups": "desk"}, Role.FORECASTER),
        ({"email": "eve@example.org", "sub": "9", "roles": ["keepers"]}, Role.READER),
        ({"is_logged_in": "yes"}, Role.READER),
        ({"is_logged_in": False}, Role.READER),
        ({"sub": ""}, Role.READER),
        ({"sub": ["17"]}, Role.READER),
        ({"iat": None}, Role.READER),
        ({"iat": NOW - 13 * 3600}, Role.READER),
    ],
    ids=str,
)
@pytest.mark.usefixtures("sign_in")
def test_what_a_provider_does_not_vouch_for_gives_no_role(change, role):
    assert people.known({**CLAIMS, **change}, {}, NOW).role is role


@pytest.mark.usefixtures("sign_in")
def test_a_sign_in_of_yesterday_is_over():
    assert people.known({**CLAIMS, "iat": NOW - 13 * 3600}, {}, NOW).expired


@pytest.mark.parametrize("name", ["", "  ", "Ad\u200ba", "\u202eada"])
def test_a_name_that_shows_nothing_or_hides_something_is_left_out(name):
    assert people.author_of({**CLAIMS, "name": name}) == "Ada@Example.org"
    assert people.author_of({**CLAIMS, "name": name, "email_verified": False}) == "17"


@pytest.mark.parametrize(
    "section",
    [
        {"keepers": {"emails": []}},
        {"keeper": {"mails": ["a@example.org"]}},
        {"keeper": {"emails": "a@example.org"}},
        {"keeper": ["a@example.org"]},
        {"signed_in": "everybody"},
        {"groups_claim": ""},
        {"keeper": {"groups": [""]}},
    ],
    ids=str,
)
def test_roles_that_nobody_can_have_meant_are_refused(section):
    with pytest.raises(RoleError, match=r"got .* expected"):
        Roles.read(section)


def test_a_short_secret_is_refused(monkeypatch):
    monkeypatch.setattr(assigned, "get_secrets_auth_section", lambda: {"cookie_secret": "hunter2"})
    with pytest.raises(RoleError, match="7 letters, expected at least 32"):
        assigned.require_sound()
