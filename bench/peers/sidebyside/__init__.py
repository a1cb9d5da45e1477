"""The parts of side-by-side. Standard library only; Linux."""
