"""Posterior draws of M2 or M3, the forecast each draw implies, and the certificate they carry. Read path: no PyMC."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import ClassVar

import numpy as np

from data.digest import sha256
from data.values import frozen, settle
from models.errors import StaleFitError
from models.fits.certificate import Certificate, load_pair, require_partner
from models.fits.probabilities import StateProbabilities
from models.measures.simulated import Simulated
from models.names import MEMBERS
from models.storage.arrays import Arrays, packed_arrays, read_arrays, rows_of
from models.storage.disk import Files, write_together
from models.storage.strict_json import json_text

REBUILD = "rebuild it with `python -m models members fit`"


@frozen(eq=False)
class MemberFit(Certificate):
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
    simulated : Simulated or None
        Whole ledgers of a few futures a draw; None for a model that writes none, and in a fit of a former version.
    """

    stored: ClassVar[tuple[str, ...]] = ("model_id", *Certificate.stored)

    model_id: str
    parameters: Arrays
    forecast: StateProbabilities
    chain: np.ndarray
    simulated: Simulated | None = None

    @property
    def year_means(self) -> np.ndarray | None:
        """The year's own mean in the draws' simulated ledgers, float32, shape (sample, ledger, horizon), if kept."""
        return self.simulated.year_means if self.simulated else None

    def __post_init__(self) -> None:
        if self.model_id not in MEMBERS:
            raise StaleFitError(f"got a fit of {self.model_id!r}, expected one of {', '.join(MEMBERS)}; {REBUILD}")
        single = (values.astype(np.float32).astype(np.float64, order="C") for values in self.forecast)
        settle(self, forecast=StateProbabilities(*single))
        plain = {name: np.array(values, order="C") for name, values in self.parameters.items()}
        settle(self, parameters=MappingProxyType(plain))  # sums depend on the layout, by 1e-16
        for name, values in {**self.parameters, **self.forecast._asdict()}.items():
            if len(values) != self.chain.size or not np.all(np.isfinite(values)):
                raise StaleFitError(
                    f"{name} of {self.model_id} is not one finite value a draw ({self.chain.size} draws); {REBUILD}"
                )
            values.flags.writeable = False
        self.chain.flags.writeable = False
        Certificate.__post_init__(self)

    def thinned(self, keep: int) -> "MemberFit":
        """Evenly spaced draws of each chain, about `keep` in all, under the certificate of all."""
        rows = np.arange(0, self.chain.size, max(1, self.chain.size // keep))
        return replace(
            self,
            parameters=rows_of(self.parameters, rows),
            forecast=StateProbabilities(*(values[rows] for values in self.forecast)),
            chain=self.chain[rows],
            simulated=self.simulated.part(rows) if self.simulated else None,
        )


def save_member(fit: MemberFit, folder: Path, name: str) -> None:
    """Write ``<name>.json`` (certificate with the digest of the draws) and ``<name>.npz``."""
    write_together(folder, member_files(fit, name))


def member_files(fit: MemberFit, name: str) -> Files:
    """The two files of `save_member` by name, in the order in which they must appear."""
    draws = packed_arrays(member_arrays(fit))
    return {f"{name}.npz": draws, f"{name}.json": member_text(fit, sha256(draws))}


def member_text(fit: MemberFit, draws_digest: str) -> bytes:
    """The certificate as it is stored beside draws of this digest."""
    return json_text(fit.certificate | {"draws_digest": draws_digest})


def member_arrays(fit: MemberFit) -> Arrays:
    """The arrays as they are stored."""
    parameters = {f"parameter.{name}": values for name, values in fit.parameters.items()}
    forecast = {f"forecast.{name}": values.astype(np.float32) for name, values in fit.forecast._asdict().items()}
    simulated = fit.simulated.arrays if fit.simulated else {}
    return {"chain": fit.chain, **parameters, **forecast, **simulated}


def load_member(name: str, folder: Path) -> MemberFit:
    """Read what `save_member` wrote.

    Raises
    ------
    MissingFitError
        A file is absent.
    StaleFitError
        A file is damaged, of another format, or not the other's partner.
    """
    names = f"{name}.json", f"{name}.npz"
    return load_pair(folder, names, read_member, what="a stored fit", rebuild=REBUILD)


def read_member(certificate: Mapping, draws: bytes) -> MemberFit:
    """The fit of a certificate and the draws' bytes; what is wrong in them is raised as it comes."""
    require_partner(certificate, draws, MemberFit.format, "fit", REBUILD)
    arrays = read_arrays(draws, "the draws")
    return MemberFit(
        **MemberFit.fields_of(certificate),
        parameters={name.removeprefix("parameter."): a for name, a in arrays.items() if name.startswith("parameter.")},
        forecast=StateProbabilities(
            **{name: arrays[f"forecast.{name}"].astype(np.float64) for name in StateProbabilities._fields}
        ),
        chain=arrays["chain"],
        simulated=Simulated.of_arrays(arrays),
    )
