"""The parts of the Record page: saved forecasts listed, opened, compared, saved and imported."""
