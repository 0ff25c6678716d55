"""Writes: atomic, `by=` whom, one Event each. The only code that changes records.

All raise `workflow.Refused` when the act is not allowed, `models.StaleVersion` when the record was changed
meanwhile, and `ValidationError` with the field's name when a value is missing or wrong.
"""
