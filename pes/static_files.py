"""Static files in production: named after their content, compressed, and so are the parts that our modules load."""

from __future__ import annotations

from typing import ClassVar

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedFiles(CompressedManifestStaticFilesStorage):
    """Also rewrites `import … from "./x.js"`, so that one version of a module never loads another's parts.

    Django's own `support_js_module_import_aggregation` would read the libraries' scripts too, and stumbles over one.
    """

    patterns: ClassVar = (
        *CompressedManifestStaticFilesStorage.patterns,
        ("js/*.js", ((r'(?P<matched>from "(?P<url>\./[^"]+\.js)")', 'from "%(url)s"'),)),
    )
