"""An object of a store that speaks S3: a signed web request, with all checks of web requests.

fsspec's s3fs is not used: its HTTP client follows any redirect, resolves names again for each connection, and takes
proxies and credentials from the environment.
"""

# botocore comes without types.
# pyright: reportUnknownMemberType=false, reportMissingTypeStubs=false

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Literal
from urllib.parse import quote, urlsplit

from urllib3.util import Url

from ckanext.cpdi.errors import Said
from ckanext.cpdi.feeds.errors import FeedError
from ckanext.cpdi.feeds.files.spool import Spool
from ckanext.cpdi.feeds.files.version import Version
from ckanext.cpdi.feeds.network.settings import FetchSettings
from ckanext.cpdi.feeds.network.web import Client, parse
from ckanext.cpdi.feeds.protocol import Access, Protocol, read_access, refuse_user
from ckanext.cpdi.feeds.protocols.http import download


class S3Access(Access, frozen=True, forbid_unknown_fields=True):
    """Endpoint and keys of a bucket; without keys the bucket has to be public.

    ``endpoint`` is the store's URL, Amazon's where it is empty; ``addressing`` says whether the bucket stands in the
    path, or before the host's name as Amazon wants it.
    """

    endpoint: str = ""
    region: str = "us-east-1"
    access_key: str = ""
    secret_key: str = ""
    session_token: str = ""
    addressing: Literal["", "path", "host"] = ""

    def url(self, bucket: str, key: str) -> str:
        """Return the object's URL; raise FeedError (refused) where the endpoint is no plain URL."""
        endpoint = parse(self.endpoint or f"https://s3.{self.region}.amazonaws.com")
        if endpoint.auth or endpoint.query or endpoint.fragment:
            raise FeedError("refused", "The endpoint in the settings is a plain URL, without user or query.")
        base, path = (endpoint.path or "").rstrip("/"), quote(key)
        # A dot in a bucket's name would not fit the certificate.
        if self.addressing == "path" or (not self.addressing and (self.endpoint or "." in bucket)):
            return str(endpoint._replace(path=f"{base}/{bucket}/{path}"))
        return str(endpoint._replace(host=f"{bucket}.{endpoint.host}", path=f"{base}/{path}"))

    def sign(self, target: Url) -> Mapping[str, str]:
        """Return the headers that sign a request for ``target``, valid for some minutes."""
        if not self.access_key:
            return {}
        from botocore.auth import S3SigV4Auth
        from botocore.awsrequest import AWSRequest
        from botocore.credentials import Credentials

        logging.getLogger("botocore.auth").setLevel(logging.INFO)  # at DEBUG it logs signatures and session tokens
        request = AWSRequest("GET", str(target))
        identity = Credentials(self.access_key, self.secret_key, self.session_token or None)
        S3SigV4Auth(identity, "s3", self.region).add_auth(request)
        return dict(request.headers.items())


class S3(Protocol):
    """``s3://bucket/key``, at the endpoint that the settings give the bucket."""

    name = "s3"
    example = "s3://bucket/export/calls.csv"

    def takes(self, location: str) -> bool:
        """Take what begins with ``s3://``."""
        return location.startswith("s3://")

    def check(self, location: str) -> None:
        """Refuse what names no bucket and object."""
        refuse_user(location)
        parts = urlsplit(location)
        steps = parts.path.split("/")
        if not parts.netloc or ":" in parts.netloc or not steps[-1] or {".", ".."} & set(steps):
            raise FeedError(
                "refused",
                Said("s3:// is followed by a bucket and the name of an object: {example}", example=self.example),
            )
        if parts.query or parts.fragment:
            raise FeedError("refused", "The name of an object in a bucket may hold neither ? nor # here.")

    def fetch(self, location: str, settings: FetchSettings, previous: Version | None) -> Spool:
        """Fetch the object in one request."""
        access = read_access(settings, S3Access, location)
        bucket, _, key = location.removeprefix("s3://").partition("/")
        url = access.url(bucket, key)
        with Client(settings, access.sign) as client:
            return client.attempt(lambda: download(client, url, previous))
