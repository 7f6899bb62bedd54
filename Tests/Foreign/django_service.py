"""A Django project with django-scim2, as small as its documentation has it, behind waitress: django_service.py PORT FOLDER

Users and groups lie in an SQLite file in FOLDER. Requests need the bearer token of the environment's FOREIGN_TOKEN.
`POST /empty` takes everybody away, so that one process serves many tests.
"""

import os
import sys

import django
from django.conf import settings

PORT, FOLDER = int(sys.argv[1]), sys.argv[2]
TOKEN = os.environ["FOREIGN_TOKEN"]

settings.configure(
    SECRET_KEY="of-no-use-to-anybody",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF="django_service",
    USE_TZ=True,
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django_scim", "people"],
    MIDDLEWARE=["django.middleware.common.CommonMiddleware", "django_service.BearerToken"],
    AUTH_USER_MODEL="people.User",
    DATABASES={"default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.path.join(FOLDER, "django.sqlite"),
        # Writers wait for each other instead of failing, and nobody waits for the disk.
        "OPTIONS": {
            "timeout": 60, "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"},
        "CONN_MAX_AGE": None,
    }},
    SCIM_SERVICE_PROVIDER={
        "NETLOC": f"127.0.0.1:{PORT}", "SCHEME": "http", "GROUP_MODEL": "people.models.Group",
        "AUTHENTICATION_SCHEMES": [{"type": "oauthbearertoken", "name": "Bearer", "description": "A token"}],
        "WWW_AUTHENTICATE_HEADER": 'Bearer realm="django-scim2"',
    },
    LOGGING={"version": 1, "disable_existing_loggers": True},
)


class BearerToken:
    """The site's own sign-in, which django-scim2 leaves to it: no user, and its middleware answers 401 with no body."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.user = Caller(request.headers.get("Authorization") == f"Bearer {TOKEN}")
        return self.get_response(request)


class Caller:
    def __init__(self, is_authenticated):
        self.is_authenticated = is_authenticated


def empty(request):
    from django.db import transaction
    from django.http import HttpResponse
    from people.models import Group, User

    with transaction.atomic():
        Group.objects.all().delete()
        User.objects.all().delete()
    return HttpResponse(status=204)


def urls():
    from django.urls import include, path
    from django.views.decorators.csrf import csrf_exempt

    return [path("scim/v2/", include("django_scim.urls")), path("empty", csrf_exempt(empty))]


if __name__ == "__main__":
    # Django finds this file and the models beside it by these names.
    sys.modules["django_service"] = sys.modules["__main__"]
    sys.path.insert(0, os.path.join(os.path.dirname(__file__), "django_people"))
    django.setup()
    urlpatterns = urls()

    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application
    from waitress import serve

    call_command("migrate", run_syncdb=True, verbosity=0)
    serve(get_wsgi_application(), host="127.0.0.1", port=PORT, threads=4, _quiet=True)
