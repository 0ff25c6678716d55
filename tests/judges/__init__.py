"""What others' programs say of our files: `uv run --group judges pytest -m judges`. A judge that is not there is
skipped; `.ci/run` installs those that can be installed. None of them is needed to run the workbench.
"""
