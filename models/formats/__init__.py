"""Other programs' files: forecasting hubs, NetCDF, folders of CSV.

- `hubverse` the rows of a hub's model output, written from saved forecasts and snapshots
- `hubverse_config` the configuration of an exported hub: what is asked (its tasks.json), its targets, and the
  models' metadata
- `hubverse_folder` a hub from strangers, as bytes and as tables
- `hubverse_questions` the questions of an exported hub, as the hubs describe targets
- `hubverse_read` forecasts read out of a hub again, and scored
- `hubverse_target` the target data of an exported hub: what became of its questions
- `hubverse_tasks` a hub's tasks.json read as a value, and the rules about it that a schema cannot say
- `hubverse_validate` does a hub keep the hubs' published rules? Our own reading of them (docs/formats.md)
- `netcdf` draws as an ArviZ DataTree in NetCDF: to be analysed elsewhere, never read back (a crafted HDF5 file can
  do harm)
- `folder` many files written as one folder, all or nothing
"""
