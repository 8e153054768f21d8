"""The broker: starts, asks after and signals kernels in the container that holds the data.

It listens on one unix socket and knows two callers by their user id, which the system tells
and nobody can write: the desk may start, poll and signal; the hub may hand over the data key.
What is started is a fixed command line in an environment of its own. The key reaches a kernel
as an inherited descriptor to memory, and no file, argument or environment ever holds it.
Standard library only.
"""
