"""What the extension adds to the portal. Imports stand within the methods, so that CKAN's start stays light."""

import ckan.plugins as p
import ckan.plugins.toolkit as tk

from ckanext.cpdi.interfaces import ICpdi


class ExamplePlugin(p.SingletonPlugin):
    p.implements(ICpdi, inherit=True)
    p.implements(p.IConfigurer)

    def update_config(self, config):
        tk.add_template_directory(config, "templates")

    def cpdi_formats(self):
        from cpdi_example.jsonl import JsonLines

        return [JsonLines]

    def cpdi_readers(self):
        from cpdi_example.fixed_width import FixedWidth

        return [FixedWidth]

    def cpdi_protocols(self):
        from cpdi_example.newest import Newest

        return [Newest]

    def cpdi_derived(self):
        from cpdi_example.quarter import Quarter

        return [Quarter]

    def cpdi_checks(self):
        from cpdi_example.grown import Grown

        return [Grown]

    def cpdi_services(self):
        from cpdi_example.formats import blueprint

        return [blueprint]

    def cpdi_views(self):
        from cpdi_example.quarters import blueprint

        return [blueprint]
