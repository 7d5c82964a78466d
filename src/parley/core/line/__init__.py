"""The line to the other side: whose node it may lead to (pairing), whether it holds (link), and how both greet."""
