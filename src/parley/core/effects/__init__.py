"""All that a node can want."""
