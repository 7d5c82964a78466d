"""How both heads open a meeting, and how either side leaves it alone at any time."""
