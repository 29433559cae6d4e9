"""The work of the records desk: deny list, release of held runs, risks, comparison with an older portal, places, demo.

In: a request from a page or a command. Out: the result, for a message.
"""
