"""What ckanext-cpdi plugs into CKAN. No logic: each line says where a piece lives."""

from __future__ import annotations

import sys
from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan.types import CKANApp
from flask import Blueprint

from ckanext.cpdi import addresses, config, interfaces, static
from ckanext.cpdi.protect import hooks
from ckanext.cpdi.site.dataset_feed import DatasetFeeds
from ckanext.cpdi.site.dcat import PageAddresses
from ckanext.datastore.interfaces import IDatastore
from ckanext.dcat.interfaces import IDCATURIGenerator
from ckanext.xloader.interfaces import IXloader


@tk.blanket.actions
@tk.blanket.auth_functions
@tk.blanket.cli
@tk.blanket.config_declarations
@tk.blanket.validators
class CpdiPlugin(hooks.Hooks, PageAddresses, DatasetFeeds, p.SingletonPlugin):
    """The portal of a police department."""

    p.implements(p.IConfigurer, inherit=True)
    p.implements(p.IConfigurable, inherit=True)
    p.implements(p.IBlueprint)
    p.implements(p.IMiddleware, inherit=True)
    p.implements(p.IPackageController, inherit=True)
    p.implements(p.ITemplateHelpers)
    p.implements(p.ITranslation)
    p.implements(IXloader, inherit=True)
    p.implements(IDCATURIGenerator, inherit=True)
    p.implements(p.IFeed)

    def update_config(self, config_: Any) -> None:  # noqa: ANN401  CKAN's own type
        """Add templates, public files and assets; say in words what goes wrong with a command from here on."""
        from ckanext.cpdi.cli.logs import divert_early

        divert_early(sys.argv)
        tk.add_template_directory(config_, "templates")
        tk.add_public_directory(config_, "public")
        tk.add_resource("assets", "cpdi")
        if addresses.root() and not config_.get("ckanext.dcat.base_uri"):
            config_["ckanext.dcat.base_uri"] = addresses.url()

    def configure(self, config_: Any) -> None:  # noqa: ANN401, ARG002
        """Stop here with a clear message where a setting is missing; keep what staff type out of the log."""
        interfaces.begin()
        config.check()
        hooks.install()

    def get_blueprint(self) -> list[Blueprint]:
        """Return the pages and services."""
        with config.starting():
            return [*hooks.blueprints(), *interfaces.blueprints()]

    def get_helpers(self) -> dict[str, Any]:
        """Return the template helpers."""
        from ckanext.cpdi.site.helpers import helpers

        return helpers()

    def make_middleware(self, app: CKANApp, config_: Any) -> CKANApp:  # noqa: ANN401, ARG002
        """Set the cache and security headers of our routes; all routes are there by now."""
        from ckanext.cpdi.services import redirects
        from ckanext.cpdi.services.http.middleware import put_before

        with config.starting():
            interfaces.check()
            redirects.check(app)
        hooks.gather_rules()
        app.after_request(static.mark)
        return put_before(app)


class CpdiSearchPlugin(hooks.Rows, p.SingletonPlugin):
    """Full-text search of our tables; by itself, since CKAN wants its DataStore to be the first plugin of this kind."""

    p.implements(IDatastore, inherit=True)
