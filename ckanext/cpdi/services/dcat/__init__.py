"""What catalogues of others harvest of the datasets: an entry of each, and the documents that entries are written as.

In: CKAN's packages that everybody may read, and declarations. Out: DCAT-US 1.1, schema.org, and what ckanext-dcat does
not know of a dataset for DCAT-US 3. Blueprints that are named here are among the services.
"""

from ckanext.cpdi.services.dcat.data_json import blueprint as data_json_blueprint

__all__ = ["data_json_blueprint"]
