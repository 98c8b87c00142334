"""Static files in production: named after their content, compressed, the modules they load too."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedFiles(CompressedManifestStaticFilesStorage):
    """Also rewrites `import … from "./x.js"`, so that one version of a module never loads another's parts."""

    support_js_module_import_aggregation = True
