"""Parts of the home page: what one can do here, and the last days in figures."""
