"""Parley: talks by video between two sides that do not trust each other.

core      pure: the state machines and the policy        web       HTTP, signalling, the static screens
store     the journal on disk                            keys      the side's keys, signing and checking
engine    the only door to `parley_engine` (media, line) runtime   wires them: input, core, journal, perform
cli       the commands                                   demo      two sides on one machine
"""
