"""Posterior draws of M2 or M3, the forecast each draw implies, and the certificate they carry. Read path: no PyMC."""

import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType

import numpy as np

from data.digest import digest
from data.types import Evidence
from models.errors import MissingFitError, StaleFitError
from models.fits.certificate import Diagnostics, plain_checks, read_checks
from models.fits.probabilities import StateProbabilities
from models.names import MEMBERS
from models.outcome.rule import RULE
from models.storage.arrays import read_arrays
from models.storage.disk import write_together

MEMBER_FITS = Path(__file__).parent / "member_fits"
MEMBER_FORMAT = 1
REBUILD = "rebuild it with `python -m models members fit`"
_PLAIN = ("model_id", "evidence_digest", "rule_digest", "model_digest", "seed")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MemberFit:
    """A posterior of one member of the mixture.

    Attributes
    ----------
    model_id : str
    parameters : Mapping of ndarray, shape (sample, ...)
        Named as the model's NumPy twin names them.
    forecast : StateProbabilities
        Per draw: ``state`` (sample, horizon, state), ``any_rupture`` and ``any_deeper`` (sample, horizon). Rounded to
        single precision, as it is stored, so that a stored fit answers to the last digit.
    chain : ndarray of int, shape (sample,)
        Draws of a chain are consecutive and in order.
    assumptions_values : Mapping[str, float]
        Knob values the fit was made under.
    model_digest : str
        Of the model's structure.
    """

    model_id: str
    parameters: Mapping[str, np.ndarray]
    forecast: StateProbabilities
    chain: np.ndarray
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
        if self.model_id not in MEMBERS:
            raise StaleFitError(f"got a fit of {self.model_id!r}, expected one of {', '.join(MEMBERS)}; {REBUILD}")
        single = (values.astype(np.float32).astype(np.float64, order="C") for values in self.forecast)
        object.__setattr__(self, "forecast", StateProbabilities(*single))
        plain = {name: np.array(values, order="C") for name, values in self.parameters.items()}
        object.__setattr__(self, "parameters", plain)  # sums depend on the layout, by 1e-16
        for name, values in {**self.parameters, **self.forecast._asdict()}.items():
            if len(values) != self.chain.size or not np.all(np.isfinite(values)):
                raise StaleFitError(
                    f"{name} of {self.model_id} is not one finite value a draw ({self.chain.size} draws); {REBUILD}"
                )
            values.flags.writeable = False
        self.chain.flags.writeable = False
        for name in ("parameters", "assumptions_values", "settings", "versions"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    def thinned(self, keep: int) -> "MemberFit":
        """Evenly spaced draws of each chain, about `keep` in all, under the certificate of all."""
        rows = np.arange(0, self.chain.size, max(1, self.chain.size // keep))
        return replace(
            self,
            parameters={name: values[rows] for name, values in self.parameters.items()},
            forecast=StateProbabilities(*(values[rows] for values in self.forecast)),
            chain=self.chain[rows],
        )

    @property
    def key(self) -> str:
        """SHA-256 of what was asked."""
        return digest(
            {name: value for name, value in self.certificate.items() if name not in ("diagnostics", "versions")}
        )

    @property
    def certificate(self) -> dict[str, object]:
        """Everything but the arrays, as plain JSON values."""
        return {
            **{name: getattr(self, name) for name in _PLAIN},
            "format": MEMBER_FORMAT,
            "reference_date": self.reference_date.isoformat(),
            "assumptions_values": dict(self.assumptions_values),
            "settings": dict(self.settings),
            "versions": dict(self.versions),
            "diagnostics": plain_checks(self.diagnostics),
        }


def save_member(fit: MemberFit, folder: Path, name: str) -> None:
    """Write ``<name>.json`` (certificate with the digest of the draws) and ``<name>.npz``."""
    write_together(folder, member_files(fit, name))


def member_files(fit: MemberFit, name: str) -> dict[str, bytes]:
    """The two files of `save_member` by name, in the order in which they must appear."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **member_arrays(fit))
    certificate = {**fit.certificate, "draws_digest": hashlib.sha256(buffer.getvalue()).hexdigest()}
    text = json.dumps(certificate, indent=1, sort_keys=True, allow_nan=False) + "\n"
    return {f"{name}.npz": buffer.getvalue(), f"{name}.json": text.encode()}


def member_arrays(fit: MemberFit) -> dict[str, np.ndarray]:
    """The arrays as they are stored."""
    parameters = {f"parameter.{name}": values for name, values in fit.parameters.items()}
    forecast = {f"forecast.{name}": values.astype(np.float32) for name, values in fit.forecast._asdict().items()}
    return {"chain": fit.chain, **parameters, **forecast}


def load_member(name: str, folder: Path = MEMBER_FITS) -> MemberFit:
    """Read what `save_member` wrote.

    Raises
    ------
    MissingFitError
        A file is absent.
    StaleFitError
        A file is damaged, of another format, or not the other's partner.
    """
    certificate_file, draws_file = (folder / f"{name}.{kind}" for kind in ("json", "npz"))
    for file in (certificate_file, draws_file):
        if not file.is_file():
            raise MissingFitError(f"no {file.name} in {folder.name}/, expected a stored fit; {REBUILD}")
    try:
        return read_member(certificate_file.read_bytes(), draws_file.read_bytes())
    except (ValueError, KeyError, TypeError, EOFError, OSError) as error:
        raise StaleFitError(f"the fit {name} is damaged ({error}); {REBUILD}") from error


def read_member(text: bytes, draws: bytes) -> MemberFit:
    """The fit in two files' bytes; any error of theirs comes through as it is."""
    certificate = json.loads(text)
    if (certificate["format"], certificate["draws_digest"]) != (MEMBER_FORMAT, hashlib.sha256(draws).hexdigest()):
        raise ValueError("its draws are not those that it certifies, or of another format")
    return _assembled(certificate, read_arrays(draws, "the draws"))


def require_answers(fit: MemberFit, evidence: Evidence, model_digest: str) -> MemberFit:
    """The fit, if it answers to this evidence, this rule and this model.

    Raises
    ------
    StaleFitError
    """
    pairs = {
        "evidence": (fit.evidence_digest, evidence.digest),
        "rule": (fit.rule_digest, RULE.digest),
        "model": (fit.model_digest, model_digest),
    }
    changed = [name for name, (found, expected) in pairs.items() if found != expected]
    if changed:
        raise StaleFitError(
            f"the fit of {fit.model_id} was made on another {' and '.join(changed)}, expected the present; {REBUILD}"
        )
    return fit


def _assembled(certificate: Mapping[str, object], arrays: Mapping[str, np.ndarray]) -> MemberFit:
    plain = {name: certificate[name] for name in (*_PLAIN, "assumptions_values", "settings", "versions")}
    return MemberFit(
        **plain,
        parameters={name.removeprefix("parameter."): a for name, a in arrays.items() if name.startswith("parameter.")},
        forecast=StateProbabilities(
            **{name: arrays[f"forecast.{name}"].astype(np.float64) for name in StateProbabilities._fields}
        ),
        chain=arrays["chain"],
        diagnostics=read_checks(certificate["diagnostics"]),
        reference_date=date.fromisoformat(certificate["reference_date"]),
    )
