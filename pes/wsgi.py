"""WSGI entry point; without a broker the jobs run in a thread beside the web server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pes.settings")
application = get_wsgi_application()

from pes.checks import refuse_half_configured  # noqa: E402 - the models are there only now
from pes.worker import start_in_process  # noqa: E402

refuse_half_configured()
start_in_process()
