"""What a reader may believe: the knobs, one validated setting of them, presets, and the models' shares."""
