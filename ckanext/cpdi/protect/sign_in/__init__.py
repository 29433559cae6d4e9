"""Sign-in of staff by OpenID Connect, where the settings name a provider (``config.sign_in``).

In: a browser that comes from the sign-in page, and then back from the provider with a code. Out: a session of CKAN for
an account whose role in the department's organization is that of the person's groups; or a page that says why not.
"""

from ckanext.cpdi.protect.sign_in.routes import blueprint

__all__ = ["blueprint"]
