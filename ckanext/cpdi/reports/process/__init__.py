"""A process for each file: a server that has the libraries loaded forks one, with limits of its own.

In: a ``Task``. Out: an ``Answer``. A hostile file can crash or fill its process, which has no connection to the
database, no credentials in its environment, and no open file of the caller.
"""
