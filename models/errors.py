"""What can go wrong between assumptions and a snapshot. Each error says what was got, what was expected, what to do."""

from data.errors import ConjunctionError


class AssumptionError(ConjunctionError, ValueError):
    """A knob's value is unknown, out of bounds, off its step or not a number."""


class OutcomeError(ConjunctionError, ValueError):
    """The outcome rule was asked for a label it cannot give."""


class FitError(ConjunctionError, RuntimeError):
    """A stored fit cannot be used."""


class MissingFitError(FitError):
    """No stored fit is where one is expected."""


class StaleFitError(FitError):
    """A stored fit answers to other evidence, another rule or another model."""


class SamplerError(ConjunctionError, RuntimeError):
    """The sampler failed or its draws did not pass the acceptance gate."""


class FitCancelled(ConjunctionError, RuntimeError):
    """A fit was stopped on request; nothing was stored."""


class SearchCancelled(ConjunctionError, RuntimeError):
    """A search for what it would take was stopped on request; nothing was changed."""


class StorageError(ConjunctionError, ValueError):
    """Bytes or text from outside are not what may be stored or read: damaged, too large, hostile or misleading."""


class SnapshotError(StorageError):
    """A snapshot is malformed, of a newer schema, or does not say what it was made from."""


class RecordError(StorageError, RuntimeError):
    """The record of saved forecasts cannot be opened, read or added to, or what was to be added is not fit for it."""


class FormatError(ConjunctionError, ValueError):
    """A file or folder in another program's format cannot be written, read or trusted."""
