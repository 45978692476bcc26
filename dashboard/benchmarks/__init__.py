"""What the page adds to the engine's time, measured in a real Chromium too."""
