"""``python -m tests.machines``: the promises of equal numbers under every kernel that this processor really has.

By hand and never in tests or CI: what it finds depends on the processor. It says which kernels ran. One folder is
prepared under this processor's own kernel (`tests.support.programs.promises`) and held against every other one, and
the other way round; the comparisons marked ``machine`` run under each, in three time zones and with two encodings.
``--all`` takes every combination instead of each kernel, zone and encoding at least once.
"""

import argparse
import itertools
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from data.values import frozen

ROOT = Path(__file__).parents[1]
CORES = (
    *("Katmai", "Prescott", "Core2", "Penryn", "Nehalem", "Sandybridge", "Haswell", "SkylakeX", "Cooperlake"),
    *("SapphireRapids", "Barcelona", "Bulldozer", "Piledriver", "Steamroller", "Excavator", "Zen", "Atom"),
    *("ARMV8", "ARMV8SVE", "CORTEXA53", "CORTEXA57", "NEOVERSEN1", "NEOVERSEV1", "NEOVERSEN2", "THUNDERX2T99"),
    *("VORTEX", "POWER8", "POWER9", "POWER10", "Z13", "Z14"),
)
"""Names that OpenBLAS knows; what a processor lacks falls back to one that it has."""
ZONES = ("UTC", "Asia/Shanghai", "Etc/GMT+12")
ENCODINGS: Mapping[str, Mapping[str, str]] = {
    "UTF-8": {"LC_ALL": "C.UTF-8", "PYTHONUTF8": "1"},
    "ASCII": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"},
}
KERNEL, FEATURES = "OPENBLAS_CORETYPE", "NPY_DISABLE_CPU_FEATURES"
PROBE = """
import json, numpy, scipy.linalg, threadpoolctl
from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__
used = sorted((one["internal_api"], one.get("architecture", "")) for one in threadpoolctl.threadpool_info())
print(json.dumps([used, [one for one in __cpu_dispatch__ if __cpu_features__.get(one)]]))
"""


@frozen
class Machine:
    """One way in which this processor can run the program.

    Attributes
    ----------
    name : str
        The kernels, the instruction sets of NumPy's own loops, and where it stands.
    environment : Mapping[str, str]
    """

    name: str
    environment: Mapping[str, str]

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run Python there."""
        plain = {name: value for name, value in os.environ.items() if name not in (KERNEL, FEATURES, "TZ", "LANG")}
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env={**plain, **self.environment},
            capture_output=True,
            encoding="utf-8",
            errors="replace",
        )

    def at(self, zone: str, encoding: str) -> "Machine":
        """The same kernels in a time zone and with an encoding."""
        places = {"TZ": zone, **ENCODINGS[encoding]}
        return Machine(name=f"{self.name}, {zone}, {encoding}", environment={**self.environment, **places})


def kernels() -> tuple[Machine, ...]:
    """This processor's own kernel, every other one that it really has, and NumPy's loops with fewer instructions."""
    own, features = _probe({})
    by_kernel = {own: Machine(name=_kernel_name(own), environment={})}
    for core in CORES:
        used, _ = _probe({KERNEL: core})
        by_kernel.setdefault(used, Machine(name=_kernel_name(used), environment={KERNEL: core}))
    fewer = [features[index:] for index in range(len(features))]
    loops = (
        Machine(
            name=f"{_kernel_name(own)}, NumPy without {' '.join(without)}", environment={FEATURES: " ".join(without)}
        )
        for without in fewer
    )
    return (*by_kernel.values(), *loops)


def _probe(environment: Mapping[str, str]) -> tuple[tuple[tuple[str, str], ...], list[str]]:
    done = Machine(name="probe", environment=environment).run("-c", PROBE)
    if done.returncode:
        raise SystemExit(f"NumPy cannot be asked for its kernels: {done.stderr}")
    used, features = json.loads(done.stdout)
    return tuple(map(tuple, used)), features


def _kernel_name(used: tuple[tuple[str, str], ...]) -> str:
    return (
        " + ".join(dict.fromkeys(" ".join(filter(None, words)) for words in used)) or "no BLAS that can be told apart"
    )


def machines(kernels_here: tuple[Machine, ...], *, every: bool) -> Iterator[Machine]:
    """Each kernel, zone and encoding at least once, or every combination."""
    places = list(itertools.product(ZONES, ENCODINGS))
    if every:
        yield from (machine.at(*place) for machine in kernels_here for place in places)
        return
    for index in range(max(len(kernels_here), len(places))):
        yield kernels_here[index % len(kernels_here)].at(*places[index % len(places)])


def checked(machine: Machine, folders: Mapping[str, Path]) -> list[str]:
    """What does not hold on a machine: of the folders that others prepared, and of the marked comparisons."""
    wrong = []
    for name, folder in folders.items():
        done = machine.run("-m", "tests.support.programs.promises", "check", str(folder))
        wrong += [f"prepared by {name}: {line}" for line in (done.stdout + done.stderr).splitlines() if done.returncode]
    done = machine.run("-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", "-m", "machine and not slow", "tests")
    print(f"    {done.stdout.strip().splitlines()[-1] if done.stdout.strip() else 'no test ran'}", flush=True)
    return wrong + (done.stdout.splitlines()[-30:] + done.stderr.splitlines() if done.returncode else [])


def prepared(machine: Machine, folder: Path) -> Path:
    """What the promises are about, as this machine makes it."""
    folder.mkdir()
    done = machine.run("-m", "tests.support.programs.promises", "prepare", str(folder))
    if done.returncode:
        raise SystemExit(f"{machine.name} could not prepare a folder: {done.stderr}")
    return folder


def main() -> int:
    """Run all and return 1 if anything does not hold."""
    parser = argparse.ArgumentParser(prog="python -m tests.machines", description=__doc__.partition("\n\n")[2])
    parser.add_argument("--all", action="store_true", help="every kernel in every time zone with every encoding")
    options, here = parser.parse_args(), kernels()
    print("Kernels of this processor:", *(f"  {machine.name}" for machine in here), sep="\n", flush=True)
    failed = False
    with tempfile.TemporaryDirectory() as place:
        mine = {here[0].name: prepared(here[0], Path(place) / "own")}
        theirs = {machine.name: prepared(machine, Path(place) / str(index)) for index, machine in enumerate(here[1:])}
        for index, machine in enumerate(machines(here, every=options.all)):
            print(machine.name, flush=True)
            wrong = checked(machine, mine if index else mine | theirs)
            print(*(f"    {line}" for line in wrong or ["holds"]), sep="\n", flush=True)
            failed |= bool(wrong)
    print("Something differs between kernels." if failed else "Every promise holds under every kernel.")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
