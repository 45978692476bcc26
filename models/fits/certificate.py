"""The certificate that a stored fit carries: what it was asked, what it answers to, and how its checks came out."""

import json
import math
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import ClassVar

from data.digest import Fields, digest, sha256
from data.types import Evidence
from data.values import frozen, settle
from models.errors import MissingFitError, StaleFitError
from models.outcome.rule import RULE

MAX_FIT_BYTES = 64 * 2**20


@frozen
class Check:
    """One named acceptance check: what was measured, against which threshold, and what failing would mean."""

    name: str
    passed: bool
    value: float
    threshold: str
    meaning: str


@frozen
class Diagnostics:
    """How the acceptance checks of a fit came out."""

    checks: tuple[Check, ...]

    @property
    def passed(self) -> bool:
        """Whether every check passed."""
        return all(check.passed for check in self.checks)

    @property
    def failures(self) -> tuple[Check, ...]:
        """The checks that did not pass."""
        return tuple(check for check in self.checks if not check.passed)

    @property
    def failures_text(self) -> str:
        """What failed, with the number and its limit."""
        return "; ".join(f"{check.name} is {check.value:.3g}, expected {check.threshold}" for check in self.failures)


def plain_checks(diagnostics: Diagnostics) -> list[Fields]:
    """Checks as JSON values; one that could not be computed has the value None, since JSON knows no NaN."""
    finite = {check: check.value if math.isfinite(check.value) else None for check in diagnostics.checks}
    return [{**asdict(check), "value": value} for check, value in finite.items()]


def read_checks(plain: Sequence[Mapping]) -> Diagnostics:
    """From `plain_checks`."""
    values = (math.nan if check["value"] is None else check["value"] for check in plain)
    return Diagnostics(
        checks=tuple(Check(**{**check, "value": value}) for check, value in zip(plain, values, strict=True))
    )


@frozen(eq=False)
class Certificate:
    """What every stored fit says of itself beside its draws.

    Attributes
    ----------
    assumptions_values : Mapping[str, float]
        Knob values the fit was made under.
    evidence_digest, rule_digest, model_digest : str
        What it answers to; the last is of the model's structure.
    settings : Mapping[str, float]
        Of the sampler.
    versions : Mapping[str, str]
        Of the packages that sampled.
    """

    format: ClassVar[int] = 1
    stored: ClassVar[tuple[str, ...]] = (
        "evidence_digest",
        "rule_digest",
        "model_digest",
        "seed",
        "format",
        "reference_date",
        "assumptions_values",
        "settings",
        "versions",
        "diagnostics",
    )
    unasked: ClassVar[frozenset[str]] = frozenset({"versions", "diagnostics"})
    """How a fit turned out, which is no part of what it was asked."""

    diagnostics: Diagnostics
    assumptions_values: Mapping[str, float]
    evidence_digest: str
    rule_digest: str
    model_digest: str
    reference_date: date
    seed: int
    settings: Mapping[str, float]
    versions: Mapping[str, str]

    def __post_init__(self) -> None:
        for name in ("assumptions_values", "settings", "versions"):
            settle(self, **{name: MappingProxyType(dict(getattr(self, name)))})

    @property
    def certificate(self) -> Fields:
        """Everything but the arrays, as plain JSON values."""
        return {name: _plain(getattr(self, name)) for name in self.stored}

    @property
    def key(self) -> str:
        """SHA-256 of what the fit was asked: evidence, rule, model, assumptions, date, seed and sampler settings."""
        return self.key_of(self.certificate)

    @property
    def answers_to(self) -> tuple[str, str, str]:
        """Digests of the evidence, the rule and the model."""
        return self.evidence_digest, self.rule_digest, self.model_digest

    @classmethod
    def key_of(cls, certificate: Fields) -> str:
        """The key that a certificate's fields give."""
        return digest({name: certificate[name] for name in cls.stored if name not in cls.unasked})

    @classmethod
    def fields_of(cls, certificate: Mapping) -> Fields:
        """The fields of a fit that its stored certificate holds."""
        read = {
            "diagnostics": read_checks(certificate["diagnostics"]),
            "reference_date": date.fromisoformat(certificate["reference_date"]),
        }
        return {name: certificate[name] for name in cls.stored if name != "format"} | read


def _plain(value: object) -> object:
    if isinstance(value, Diagnostics):
        return plain_checks(value)
    if isinstance(value, Mapping):
        return dict(value)
    return value.isoformat() if isinstance(value, date) else value


def require_present(answers_to: tuple[str, str, str], evidence: Evidence, model_digest: str, sentence: str) -> None:
    """Refuse what was fitted to another evidence, rule or model than the present one.

    Parameters
    ----------
    answers_to : tuple of str
        Digests of the evidence, the rule and the model.
    model_digest : str
        The present one.
    sentence : str
        With a gap for what is another: "the fit was made on another {}; rebuild it".

    Raises
    ------
    StaleFitError
    """
    require_answer(answers_to, (evidence.digest, RULE.digest, model_digest), sentence)


def require_answer(answers_to: tuple[str, str, str], expected: tuple[str, str, str], sentence: str) -> None:
    """As `require_present`, for what belongs to a stored forecast and not to the present one.

    Raises
    ------
    StaleFitError
    """
    pairs = zip(("evidence", "rule", "model"), answers_to, expected, strict=True)
    if changed := [name for name, got, wanted in pairs if got != wanted]:
        raise StaleFitError(sentence.format(" and ".join(changed)))


def load_pair[T](
    folder: Path,
    names: tuple[str, str],
    read: Callable[[Mapping, bytes], T],
    *,
    what: str,
    rebuild: str,
    limit: int = MAX_FIT_BYTES,
) -> T:
    """Read two files that belong together: a certificate in JSON, and the draws that it certifies.

    Parameters
    ----------
    names : tuple of str
        Of the certificate and of the draws.
    read : callable
        Makes a value of the certificate and the draws' bytes; what is wrong in them is raised as it comes.
    what, rebuild : str
        For messages: what was expected ("a library"), and how to have it.

    Raises
    ------
    MissingFitError
        A file is absent.
    StaleFitError
        A file is damaged, too large, of another format, or not the other's partner.
    """
    for name in names:
        if not (folder / name).is_file():
            raise MissingFitError(f"no {name} in {folder.name}/, expected {what}; {rebuild}")
    try:
        for name in names:
            if (folder / name).stat().st_size > limit:
                raise StaleFitError(f"{folder.name}/{name} is larger than {limit} bytes; {rebuild}")
        text, draws = ((folder / name).read_bytes() for name in names)
        return read(json.loads(text), draws)
    except (ValueError, KeyError, TypeError, EOFError, OSError, RecursionError, zipfile.BadZipFile) as error:
        raise StaleFitError(f"{folder.name}/ is damaged ({names[0]}: {error}); {rebuild}") from error


def require_partner(certificate: Mapping, draws: bytes, expected: int, what: str, rebuild: str) -> None:
    """Refuse a certificate of another format, and draws that are not those it certifies.

    Raises
    ------
    StaleFitError, ValueError
    """
    if certificate["format"] != expected:
        raise StaleFitError(f"got {what} format {certificate['format']}, expected {expected}; {rebuild}")
    if certificate["draws_digest"] != sha256(draws):
        raise ValueError("the draws are not those that it certifies")
