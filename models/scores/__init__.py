"""How good forecasts were: scoring rules, their intervals, calibration curves and stacking weights."""
