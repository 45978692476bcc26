"""From weighted draws to the results table: four models' answers, their mixture, and what moves it."""
