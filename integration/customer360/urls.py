"""The address of what explains an event."""

from core.web.registry import routes
from integration.customer360 import why

app_name = "customer360"
urlpatterns = routes(why.Why)
