"""Every chart, by subject: tables in, Vega-Lite specifications out. Pure."""
