"""The community itself: networks, centres, villages, members, producers, users and their rights.

It knows nothing of goods or money; every other trade room stands on it.
"""
