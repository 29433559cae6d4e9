"""What the portal serves beside CKAN's pages: one protocol a module, or a folder."""
