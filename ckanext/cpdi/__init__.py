"""The portal of a police department in the Police Data Initiative, as an extension of CKAN."""

__version__ = "0.1.0"
