"""Packaging of ckanext-cpdi; the tools' settings stand in pyproject.toml."""

import re
from pathlib import Path

from setuptools import find_namespace_packages, setup

ROOT = Path(__file__).parent


def requirements() -> list[str]:
    """Return what the extension imports, from requirements.in; CKAN, its driver and server are the site's to bring."""
    lines = (ROOT / "requirements.in").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith(("#", "ckan[", "psycopg2-", "gunicorn"))]


VERSION = re.search(r'__version__ = "(.+)"', (ROOT / "ckanext/cpdi/__init__.py").read_text(encoding="utf-8"))
if VERSION is None:
    raise SystemExit("ckanext/cpdi/__init__.py has no __version__")

setup(
    name="ckanext-cpdi",
    version=VERSION[1],
    description="The public portal of a police department in the Police Data Initiative, as a CKAN extension",
    long_description=(ROOT / "README.md").read_text(encoding="utf-8"),
    long_description_content_type="text/markdown",
    license="AGPL-3.0-or-later",
    classifiers=[
        "Development Status :: 4 - Beta",
        "Environment :: Web Environment",
        "Framework :: Flask",
        "Programming Language :: Python :: 3.11",
        "Programming Language :: Python :: 3.12",
        "Topic :: Scientific/Engineering :: GIS",
    ],
    keywords="CKAN police open data PDI GIS",
    python_requires=">=3.11",
    packages=[
        "ckanext",
        *(f"ckanext.{name}" for name in find_namespace_packages("ckanext", include=["cpdi", "cpdi.*"])),
        "ckanext.cpdi.schemas",
        "ckanext.cpdi.profiles",
    ],
    package_dir={"ckanext.cpdi.schemas": "schemas", "ckanext.cpdi.profiles": "profiles"},
    include_package_data=True,
    package_data={
        "ckanext.cpdi": ["*.yaml", "i18n/*/LC_MESSAGES/*.mo"],
        "ckanext.cpdi.schemas": ["*.yaml", "datasets/*.yaml"],
        "ckanext.cpdi.profiles": ["*.yaml", "*/*"],
        "ckanext.cpdi.drafting": ["*/*.csv"],
        "ckanext.cpdi.declare": ["*.csv"],
        "ckanext.cpdi.site": ["help/articles/*/*.md"],
        "ckanext.cpdi.sample": ["reports/*.yaml"],
        "ckanext.cpdi.store.database": ["migrations/*.sql"],
    },
    install_requires=requirements(),
    entry_points={
        "ckan.plugins": [
            "cpdi = ckanext.cpdi.plugin:CpdiPlugin",
            "cpdi_search = ckanext.cpdi.plugin:CpdiSearchPlugin",
            "cpdi_explore_view = ckanext.cpdi.site.explore.view:ExploreViewPlugin",
            "cpdi_cad = ckanext.cpdi.harvesters.cad:CadHarvester",
            "cpdi_citations = ckanext.cpdi.harvesters.citations:CitationsHarvester",
            "cpdi_reports = ckanext.cpdi.harvesters.reports:ReportsHarvester",
        ],
        "ckan.rdf.profiles": ["cpdi_portal = ckanext.cpdi.site.dcat:PortalProfile"],
    },
)
