"""The ground of a department: its boundary, the areas that it draws, and square cells of it."""
