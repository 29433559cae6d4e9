"""A DataStore table: its shape, made and kept as declared; what is known of its rows; its version; how full it is."""
