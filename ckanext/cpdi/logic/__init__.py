"""CKAN's edges: actions, auth functions, schemas and validators."""
