"""Steps that draw the illustrative sample; ``make_sample.py`` puts them in order."""
