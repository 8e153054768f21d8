"""Every route of the running desk, judged: open, or closed by the address gate, and why.

``ENUMERATE`` runs in the desk's own image and lists what its server answers, extensions included.
An upgrade that brings a route, a method or another answering class is in no row here, and the
census fails until somebody judged it. Each row has an example of its address, so that every
method that is not open there can be proved closed through the front door.
"""

from dataclasses import dataclass

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
ENUMERATE = """
import json, os
os.environ.update({
    'JUPYTERHUB_API_TOKEN': 'x' * 32, 'JUPYTERHUB_API_URL': 'http+unix://%2Ftmp%2Fnone.sock/hub/api',
    'JUPYTERHUB_SERVICE_URL': 'http+unix://%2Ftmp%2Fs.sock', 'JUPYTERHUB_SERVICE_PREFIX': '/user/x/y/', 'JUPYTERHUB_BASE_URL': '/',
    'JUPYTERHUB_USER': 'x', 'JUPYTERHUB_SERVER_NAME': 'y', 'JUPYTERHUB_CLIENT_ID': 'c', 'JUPYTERHUB_OAUTH_CALLBACK_URL': '/user/x/y/oauth_callback',
    'JUPYTERHUB_OAUTH_SCOPES': '[]', 'JUPYTERHUB_OAUTH_ACCESS_SCOPES': '[]', 'JUPYTERHUB_OAUTH_CLIENT_ALLOWED_SCOPES': '[]',
    'JUPYTERHUB_DISABLE_USER_CONFIG': '1', 'JUPYTERHUB_ROOT_DIR': '/work', 'JUPYTERHUB_DEFAULT_URL': '/lab',
    'HANARE_INTAKE_SOCKET': '/tmp/i.sock', 'HOME': '/tmp'})
from jupyterhub.singleuser.extension import JupyterHubSingleUser
from tornado.web import RequestHandler
async def nothing(self):
    return None
JupyterHubSingleUser.check_hub_version = JupyterHubSingleUser.keep_activity_updated = nothing
app = JupyterHubSingleUser.initialize_server(argv=['--ServerApp.sock=/tmp/s.sock'], load_other_extensions=True)
rows = []
def walk(router):
    for rule in router.rules:
        target = rule.target
        if hasattr(target, 'rules'):
            walk(target)
            continue
        pattern = getattr(rule.matcher, 'regex', None)
        pattern = str(rule.matcher) if pattern is None else pattern.pattern
        methods = [m for m in getattr(target, 'SUPPORTED_METHODS', ())
                   if m != 'OPTIONS' and getattr(target, m.lower(), None) not in (None, RequestHandler._unimplemented_method)]
        row = [pattern.replace('/user/x/y', '{desk}'), f'{target.__module__}.{target.__qualname__}', sorted(methods)]
        if row not in rows:
            rows.append(row)
walk(app.web_app.default_router)
walk(app.web_app.wildcard_router)
print(json.dumps(rows))
"""


@dataclass(frozen=True, slots=True)
class DeskRoute:
    """One pattern with the class that answers, the methods it has, and which of them are open."""

    pattern: str
    answers: str
    methods: tuple[str, ...]
    example: str
    """An address of it below the desk; empty where the front door leads elsewhere."""
    why: str
    opened: tuple[str, ...] = ()


_PATH = r"(?P<path>(?:(?:/[^/]+)+|/?))"
_ID = r"\w+-\w+-\w+-\w+-\w+"
_UUID = "00000000-0000-4000-8000-000000000000"
_JS, _LABS, _LAB, _HUB = (
    "jupyter_server.",
    "jupyterlab_server.",
    "jupyterlab.handlers.",
    "jupyterhub.singleuser.extension.",
)
_FIND = _JS + "base.handlers.FileFindHandler"
_SERVICES = _JS + "services."
_READ = ("GET", "HEAD")
_NO_CODE = "closed: what runs here is fixed in the image"


def _r(pattern: str, answers: str, methods: str, example: str, why: str, opened: str = "") -> DeskRoute:
    return DeskRoute(
        "{desk}" + pattern, answers, tuple(sorted(methods.split())), example, why, tuple(opened.split())
    )


# One row a line.
# fmt: off
DESK_ROUTES = (
    _r("/hanare/meter$", "hanare_desk.meter_page.MeterPage", "GET", "/hanare/meter", "what may still be shown; numbers of the desk's own", "GET"),
    _r("/lab/api/build$", _LAB + "build_handler.BuildHandler", "GET POST DELETE", "/lab/api/build", _NO_CODE),
    _r("/lab/api/extensions$", _LAB + "extension_manager_handler.ExtensionHandler", "GET POST", "/lab/api/extensions", _NO_CODE),
    _r("/lab/api/plugins$", _LAB + "plugin_manager_handler.PluginHandler", "GET POST", "/lab/api/plugins", "closed: locked plugins stay off"),
    _r("/lab/api/update$", _LAB + "announcements.CheckForUpdateHandler", "GET", "/lab/api/update", "closed: there is no network to ask"),
    _r("/lab/api/news$", _LAB + "announcements.NewsHandler", "GET", "/lab/api/news", "closed: there is no network to ask"),
    _r(r"/(?P<mode>lab|doc)(?P<workspace>/workspaces/[a-zA-Z0-9\-\_]+)?(?P<tree>/tree/.*)?$", _LABS + "handlers.LabHandler", "GET", "/lab", "the page; /doc is closed", "GET"),
    _r("/lab/extensions/(.*)$", _FIND, "GET HEAD", "/lab/extensions/x/y.js", "the page's extensions, without a token: folders of the image only", "GET HEAD"),
    _r("/lab/api/settings/?$", _LABS + "settings_handler.SettingsHandler", "GET PUT", "/lab/api/settings", "settings of the page, kept in the desk's own memory", "GET PUT"),
    _r("/lab/api/settings/(?P<schema_name>.+)$", _LABS + "settings_handler.SettingsHandler", "GET PUT", "/lab/api/settings/@jupyterlab/x:y", "settings of the page, kept in the desk's own memory", "GET PUT"),
    _r("/lab/api/translations/?$", _LABS + "translations_handler.TranslationsHandler", "GET", "/lab/api/translations", "words of the page", "GET"),
    _r("/lab/api/translations/(?P<locale>.*)$", _LABS + "translations_handler.TranslationsHandler", "GET", "/lab/api/translations/ja_JP", "words of the page", "GET"),
    _r("/lab/api/workspaces/?$", _LABS + "workspaces_handler.WorkspacesHandler", "GET DELETE PUT", "/lab/api/workspaces", "the page's layout, in the desk's own memory", "GET PUT DELETE"),
    _r("/lab/api/workspaces/(?P<space_name>.+)$", _LABS + "workspaces_handler.WorkspacesHandler", "GET DELETE PUT", "/lab/api/workspaces/default", "the page's layout, in the desk's own memory", "GET PUT DELETE"),
    _r("/lab/api/listings/(.*)$", _LABS + "listings_handler.ListingsHandler", "GET", "/lab/api/listings/x.json", "lists of forbidden extensions: none", "GET"),
    _r("/lab/api/themes/(.*)$", _LABS + "themes_handler.ThemesHandler", "GET HEAD", "/lab/api/themes/x/y.css", "colours of the page, folders of the image only", "GET"),
    _r("/lab/api/licenses/(.*)$", _LABS + "licenses_handler.LicensesHandler", "GET", "/lab/api/licenses/x", "closed: nobody needs it here"),
    _r("/lab/.*$", _LABS + "handlers.NotFoundHandler", "GET", "/lab/elsewhere", "closed: nothing is there"),
    _r("/static/lab/(.*)$", _FIND, "GET HEAD", "/static/lab/x.js", "the page's own files, folders of the image only", "GET HEAD"),
    DeskRoute(r"/(robots\.txt)$", _FIND, _READ, "", "the hub answers there"),
    DeskRoute(r"/(favicon\.ico)$", _FIND, _READ, "", "the hub answers there"),
    _r("/static/(.*)$", _FIND, "GET HEAD", "/static/x.js", "the server's own files, folders of the image only", "GET HEAD"),
    _r("/api/spec.yaml$", _SERVICES + "api.handlers.APISpecHandler", "GET HEAD", "/api/spec.yaml", "closed: nobody needs it here"),
    _r("/api/status$", _SERVICES + "api.handlers.APIStatusHandler", "GET", "/api/status", "closed: it tells when a kernel last spoke"),
    _r("/api/me$", _SERVICES + "api.handlers.IdentityHandler", "GET PATCH", "/api/me", "one's own name; changing it is closed", "GET"),
    _r("/api/resolvePath$", _SERVICES + "api.handlers.PathResolverHandler", "GET", "/api/resolvePath", "closed: it looks at paths of the desk"),
    _r(r"/api/config/(?P<section_name>\w+)$", _SERVICES + "config.handlers.ConfigHandler", "GET PATCH PUT", "/api/config/x", "closed: settings are fixed in the image"),
    _r(rf"/api/contents{_PATH}/checkpoints$", _SERVICES + "contents.handlers.CheckpointsHandler", "GET POST", "/api/contents/x.txt/checkpoints", "the page asks; there are no checkpoints. Other methods reach the rule of files and find a file of that name", "GET POST PUT PATCH DELETE"),
    _r(rf"/api/contents{_PATH}/checkpoints/(?P<checkpoint_id>[\w-]+)$", _SERVICES + "contents.handlers.ModifyCheckpointsHandler", "POST DELETE", "/api/contents/x.txt/checkpoints/none", "the page asks; there are no checkpoints", "GET POST PUT PATCH DELETE"),
    _r(rf"/api/contents{_PATH}/trust$", _SERVICES + "contents.handlers.TrustNotebooksHandler", "POST", "/api/contents/x.ipynb/trust", "marks a notebook of one's own as trusted; its outputs are cleaned on every way to a browser all the same", "GET POST PUT PATCH DELETE"),
    _r(rf"/api/contents{_PATH}$", _SERVICES + "contents.handlers.ContentsHandler", "GET POST DELETE PATCH PUT", "/api/contents/x.txt", "files, by the rules of the contents class, paid for and recorded", "GET POST PUT PATCH DELETE"),
    _r("/api/notebooks/?(.*)$", _SERVICES + "contents.handlers.NotebooksRedirectHandler", "GET PUT PATCH POST DELETE", "/api/notebooks/x", "closed: an old name of files"),
    _r("/api/kernels$", _SERVICES + "kernels.handlers.MainKernelHandler", "GET POST", "/api/kernels", "kernels, as the desk knows them, started by the broker", "GET POST"),
    _r(rf"/api/kernels/(?P<kernel_id>{_ID})$", _SERVICES + "kernels.handlers.KernelHandler", "GET DELETE", f"/api/kernels/{_UUID}", "one kernel of one's own", "GET DELETE"),
    _r(rf"/api/kernels/(?P<kernel_id>{_ID})/(?P<action>restart|interrupt)$", _SERVICES + "kernels.handlers.KernelActionHandler", "POST", f"/api/kernels/{_UUID}/interrupt", "a kernel of one's own interrupted or started again", "POST"),
    _r(rf"/api/kernels/(?P<kernel_id>{_ID})/channels$", _SERVICES + "kernels.websocket.KernelWebsocketHandler", "GET", f"/api/kernels/{_UUID}/channels", "the messages, by their tables, recorded and paid for", "GET"),
    _r(r"/kernelspecs/(?P<kernel_name>[\w\.\-%]+)/(?P<path>.*)$", _JS + "kernelspecs.handlers.KernelSpecResourceHandler", "GET HEAD", "/kernelspecs/python3/kernel.json", "pictures of kernels from one folder of the image; every other file of it is closed"),
    _r("/api/kernelspecs$", _SERVICES + "kernelspecs.handlers.MainKernelSpecHandler", "GET", "/api/kernelspecs", "which kernels there are: one folder of the image", "GET"),
    _r(r"/api/kernelspecs/(?P<kernel_name>[\w\.\-%]+)$", _SERVICES + "kernelspecs.handlers.KernelSpecHandler", "GET", "/api/kernelspecs/python3", "one of them", "GET"),
    _r(r"/nbconvert/(?P<format>\w+)$", _JS + "nbconvert.handlers.NbconvertPostHandler", "POST", "/nbconvert/html", "closed: whole notebooks in any form"),
    _r(rf"/nbconvert/(?P<format>\w+){_PATH}$", _JS + "nbconvert.handlers.NbconvertFileHandler", "GET", "/nbconvert/html/x.ipynb", "closed: whole notebooks in any form"),
    _r("/api/nbconvert$", _SERVICES + "nbconvert.handlers.NbconvertRootHandler", "GET", "/api/nbconvert", "closed: whole notebooks in any form"),
    _r("/api/security/csp-report$", _SERVICES + "security.handlers.CSPReportHandler", "POST", "/api/security/csp-report", "the browser tells what its policy stopped", "POST"),
    _r(rf"/api/sessions/(?P<session_id>{_ID})$", _SERVICES + "sessions.handlers.SessionHandler", "GET DELETE PATCH", f"/api/sessions/{_UUID}", "one session of one's own", "GET PATCH DELETE"),
    _r("/api/sessions$", _SERVICES + "sessions.handlers.SessionRootHandler", "GET POST", "/api/sessions", "which notebook has which kernel", "GET POST"),
    _r("/api/shutdown$", _SERVICES + "shutdown.ShutdownHandler", "POST", "/api/shutdown", "closed: a workspace ends through the hub"),
    _r(rf"/view{_PATH}$", _JS + "view.handlers.ViewHandler", "GET", "/view/x.html", "closed: a page around whole files"),
    _r("/api/events$", _SERVICES + "events.handlers.EventHandler", "POST", "/api/events", "closed: a browser could forge the server's events"),
    _r("/api/events/subscribe$", _SERVICES + "events.handlers.SubscribeWebsocket", "GET", "/api/events/subscribe", "closed: paths and times of everything that happens"),
    _r("/logout$", _HUB + "JupyterHubLogoutHandler", "GET", "/logout", "signing out", "GET"),
    _r("/oauth_callback$", _HUB + "JupyterHubOAuthCallbackHandler", "GET", "/oauth_callback", "signing in through the hub", "GET"),
    _r("/.*/$", _JS + "base.handlers.TrailingSlashHandler", "GET POST PUT", "/elsewhere/", "closed: sends on to closed addresses"),
    _r("/api$", _JS + "base.handlers.APIVersionHandler", "GET", "/api", "the server's version", "GET"),
    _r(r"/(robots\.txt|favicon\.ico)$", _JS + "base.handlers.PublicStaticFileHandler", "GET HEAD", "/favicon.ico", "closed: the page brings its own"),
    _r("/metrics$", _JS + "base.handlers.PrometheusMetricsHandler", "GET", "/metrics", "closed: counts and times of everything"),
    _r("/?$", _JS + "base.handlers.RedirectWithParams", "GET", "/", "sends on to the page", "GET"),
    DeskRoute("(.*)$", _JS + "base.handlers.Template404", (), "/nothing/here", "closed: nothing is there"),
)
# fmt: on


def unjudged(found: list[list[object]]) -> list[str]:
    """What of an enumeration stands in no row, and which rows are of nothing any more."""
    known = {(route.pattern, route.answers, route.methods) for route in DESK_ROUTES}
    seen = {(str(p), str(a), tuple(sorted(m))) for p, a, m in found if isinstance(m, list)}
    new = [f"{pattern} {answers} {' '.join(methods)}" for pattern, answers, methods in sorted(seen - known)]
    return new + [f"gone: {pattern} {answers}" for pattern, answers, _ in sorted(known - seen)]
