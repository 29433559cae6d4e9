"""The declarations: scheming types, datasets and privacy classes. Data only; ``ckanext.cpdi.declare`` reads them."""
