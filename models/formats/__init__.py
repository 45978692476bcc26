"""Other programs' files: forecasting hubs, NetCDF, folders of CSV.

- `hubverse` forecasts in the columns of the forecasting hubs
- `hubverse_config` the configuration of an exported hub
- `hubverse_folder` A hub from strangers, as bytes and as tables
- `hubverse_read` forecasts out of a hub again
- `hubverse_target` what became of the questions of a hub
- `hubverse_tasks` what a hub asks
- `hubverse_validate` does a hub keep the hubs' published rules? Our own reading of them (docs/formats
- `netcdf` draws as an ArviZ DataTree in NetCDF: to be analysed elsewhere, never read back (a crafted HDF5 file can
  do harm)
- `folder` many files as one folder
"""
