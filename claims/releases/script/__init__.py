"""The one file of this package is put into every release as it stands. It imports nothing of ours."""
