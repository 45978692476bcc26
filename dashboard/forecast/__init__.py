"""The parts of the Forecast page: trust, what supports the answer, exchange of files, downloads."""
