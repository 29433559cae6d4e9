"""Throws texts at every grammar of questions: `make fuzz`, or a bounded part in the tests.

In: seeds that are right, and texts that people attack servers with. Out: what came of them, or the text by which a
grammar failed. A grammar may answer with a question or with QueryError, within a second of processor time, and what is
written of the question has no word of the text.
"""
