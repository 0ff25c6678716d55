"""Which sentences are worth checking, and why: named signals, weighed. Offline and pure.

`score.assess` is what the rest of the product calls; `learn.refit` weighs the signals anew by people's decisions.
"""
