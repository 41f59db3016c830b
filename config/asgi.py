"""The web application as uvicorn serves it."""

import os
import warnings

from django.core.asgi import get_asgi_application

# whitenoise gives static files as plain iterators; they are small, and Django reading them whole is what we want.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_asgi_application()
