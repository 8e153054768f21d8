"""A hospital that never was: coherent invented patients, from a number and a seed."""
