"""Every run from its start to its end, what became of its rows, what spoke against it, and what staff were told."""
