"""The books over HTTP."""

from core.web.api import CENTRE_URL, Blueprint

blueprint = Blueprint("accounting_api", __name__, url_prefix=CENTRE_URL, description="The books")
