"""The pages, one module each: what is on them and in which order.

- `assumptions` the Assumptions page
- `checks` the Checks page
- `evidence` the Evidence page
- `forecast` the Forecast page
- `method` the Method page
- `record` the Record page
- `track_record` the Track record page
"""
