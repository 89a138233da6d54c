"""Charts: a model of a chart into a picture. Knows no stage and no pandas."""
