"""Addresses of the desk as a way out: routes that Jupyter brings and nobody here needs.

The table of ``tests/support/attack_desk_routes.py`` judges every route and proves each closed one
closed. Here are the ones that would win something if they were open, and the ways round: other
spellings of a closed address, folders that the server reads and a kernel can write, kernels that
would start beside the token, ids that are paths.
"""

from collections.abc import Callable
from typing import Any

from tests.container.attacks.files import prepared
from tests.container.attacks.variants import (
    FILES_ROUTE,
    KERNEL_IDS,
    KERNELSPECS,
    OPEN_GATE,
    REST_STATE,
    SHARED_FOLDERS,
)
from tests.support.attack_forgery import MARK
from tests.support.attack_scene import Scene, desk_of, inside
from tests.support.attack_table import Attack, Outcome, Without, won_if

GATE = "addresses that no table names are refused before all routing (addresses), and rights by the answering class (resources)"
FOLDERS = "the server reads no folder that a kernel can write (settings)"


def _files_route(scene: Scene) -> Outcome:
    place = scene.at("kei")
    prepared(place, "open('raw.bin', 'w').write(mark(2_000_000)); open('raw.ipynb', 'w').write(mark(1000))")
    paths = [
        "/files/raw.bin",
        "/files/raw.bin?download=1",
        "/files/raw.ipynb",
        "/view/raw.bin",
        "/files//raw.bin",
        "//files/raw.bin",
        "/lab/../files/raw.bin",
        "/static/%2e%2e/files/raw.bin",
        "/lab/..%2ffiles/raw.bin",
        "/api/contents/../../files/raw.bin",
        "/%66iles/raw.bin",
        "/files/./raw.bin",
        "/./files/raw.bin",
        "/FILES/raw.bin",
        "/files/raw.bin;x",
        "/lab/tree/../../files/raw.bin",
    ]
    got = {path: n for path in paths if (n := place.raw("GET", path)[1].count(MARK.encode()))}
    return won_if(bool(got), got or f"nothing at {len(paths)} spellings")


def answered(
    method: str, path: str, body: object = None, accept: Callable[[int, bytes], bool] | None = None
) -> Callable[[Scene], Outcome]:
    """Winning is an answer that says something."""

    def run(scene: Scene) -> Outcome:
        answer = scene.at("kei").ask(method, path, body)
        good = accept(answer.status_code, answer.content) if accept else answer.status_code < 400
        return won_if(good, f"{answer.status_code}, {len(answer.content)} bytes")

    return run


def _spellings(scene: Scene) -> Outcome:
    """A closed address in other spellings."""
    place = scene.at("kei")
    closed = ("metrics", "api/spec.yaml", "lab/api/plugins", "api/events")
    told: dict[str, int] = {}
    for name in closed:
        for path in (
            f"/{name}/",
            f"//{name}",
            f"/./{name}",
            f"/lab/../{name}",
            f"/%{ord(name[0]):x}{name[1:]}",
            f"/{name}%00",
            f"/{name}?x=/lab",
            f"/{name};/lab",
            f"/static/../{name}",
            f"/static/..%2f{name}",
            f"/lab/extensions/../../{name}",
            f"/api/contents/../../{name}",
        ):
            status, content = place.raw("GET", path)
            if status == 200 and b"not_available" not in content and b"jupyter-config-data" not in content:
                told[path] = status
    return won_if(bool(told), told or "every spelling was refused")


def _labextension(scene: Scene) -> Outcome:
    place = scene.at("kei")
    tops = (
        "/work/labextensions",
        "/work/.local/share/jupyter/labextensions",
        "/tmp/.local/share/jupyter/labextensions",
    )
    prepared(
        place,
        f"for top in {tops!r}:\n    os.makedirs(top + '/leak/static', exist_ok=True)\n    open(top + '/leak/static/raw.bin', 'w').write(mark(2_000_000))\n"
        "    json.dump({'name': 'leak', 'version': '1', 'jupyterlab': {'_build': {'load': 'static/raw.bin', 'extension': './x'}}}, open(top + '/leak/package.json', 'w'))",
    )
    got = 0
    for path in (
        "/lab/extensions/leak/static/raw.bin",
        "/lab/api/themes/leak/static/raw.bin",
        "/static/raw.bin",
    ):
        got += place.ask("GET", path).content.count(MARK.encode())
        got += place.browser.session.get(
            f"{place.hub.url}{place.root}{path}", cookies={}, timeout=20
        ).content.count(MARK.encode())
    return won_if(got > 0, f"{got * len(MARK)} bytes of a folder that a kernel wrote")


def _lab_state(scene: Scene) -> Outcome:
    place = scene.at("kei")
    prepared(
        place,
        "for top in ('/work/lab-workspaces', '/tmp/lab/workspaces', '/work/.jupyter/lab/workspaces'):\n"
        "    os.makedirs(top, exist_ok=True)\n"
        "    json.dump({'data': {'x': mark(1_000_000)}, 'metadata': {'id': 'leak'}}, open(top + '/leak-2dff.jupyterlab-workspace', 'w'))\n"
        "for top in ('/work/lab-settings', '/tmp/lab/settings', '/work/.jupyter/lab/user-settings'):\n"
        "    os.makedirs(top + '/@jupyterlab/apputils-extension', exist_ok=True)\n"
        "    json.dump({'theme': mark(1_000_000)}, open(top + '/@jupyterlab/apputils-extension/themes.jupyterlab-settings', 'w'))",
    )
    paths = (
        "/lab/api/workspaces",
        "/lab/api/workspaces/leak",
        "/lab/api/settings",
        "/lab/api/settings/@jupyterlab/apputils-extension:themes",
    )
    got = sum(place.ask("GET", path).content.count(MARK.encode()) for path in paths)
    return won_if(got > 0, f"{got * len(MARK)} bytes planted as state of the page")


_SPEC = (
    "for top in ('/work/kernels', '/work/.local/share/jupyter/kernels', '/tmp/.local/share/jupyter/kernels'):\n"
    "    os.makedirs(top + '/own', exist_ok=True)\n"
    "    json.dump({'argv': ['/bin/sh', '-c', 'touch /tmp/started-here'], 'display_name': mark(2000), 'language': 'x'}, open(top + '/own/kernel.json', 'w'))\n"
    "    open(top + '/own/logo-svg.svg', 'w').write(mark(1_000_000)); open(top + '/own/logo-64x64.png', 'w').write(mark(1_000_000))"
)


def _kernelspec_resources(scene: Scene) -> Outcome:
    place = scene.at("kei")
    prepared(place, _SPEC)
    paths = (
        "/api/kernelspecs",
        "/api/kernelspecs/own",
        "/kernelspecs/own/logo-svg.svg",
        "/kernelspecs/own/logo-64x64.png",
        "/kernelspecs/own/kernel.json",
        "/kernelspecs/python3/..%2fown%2flogo-svg.svg",
    )
    got = sum(place.raw("GET", path)[1].count(MARK.encode()) for path in paths)
    return won_if(got > 0, f"{got * len(MARK)} bytes through a kernel specification")


def _kernel_in_the_desk(scene: Scene) -> Outcome:
    place = scene.at("kei")
    prepared(place, _SPEC)
    place.ask("POST", "/api/kernels", {"name": "own"}, seconds=60)
    there = "started-here" in inside(desk_of(place), "ls", "/tmp")
    return won_if(
        there, "a program of the researcher's ran beside the token" if there else "nothing ran in the desk"
    )


def _kernel_ids(scene: Scene) -> Outcome:
    place = scene.at("kei")
    told = {}
    for name in ("../../x", "a/../../../../tmp/x", "x", "A" * 300, "%2e%2e", "", "0" * 36):
        bodies: tuple[Any, ...] = ({"name": "python3", "kernel_id": name},)
        told[name[:12]] = [place.ask("POST", "/api/kernels", body, seconds=60).status_code for body in bodies]
        body = {"path": "x.ipynb", "type": "notebook", "name": "", "kernel": {"name": "python3", "id": name}}
        told[name[:12]].append(place.ask("POST", "/api/sessions", body, seconds=60).status_code)
    own = [k["id"] for k in place.ask("GET", "/api/kernels").json()]
    odd = [one for one in own if len(one) != 36 or one.count("-") != 4]
    taken = [name for name, codes in told.items() if codes[0] in {201, 500}]
    return won_if(bool(odd or [n for n in taken if n]), f"{told} {odd}")


def _rest_state(scene: Scene) -> Outcome:
    """What the server remembers of a kernel's messages, asked for over HTTP."""
    place = scene.at("toa")
    wire = place.forger()
    kernel_id = wire.address.split("/")[-2]
    code = "forge('status', {'execution_state': mark(3_000_000)})\ntime.sleep(1.5)"
    wire.send("shell", "execute_request", {"code": code, "silent": False, "user_expressions": {}})
    wire.drain(0.7)
    got = sum(
        place.ask("GET", path).content.count(MARK.encode())
        for path in ("/api/kernels", f"/api/kernels/{kernel_id}", "/api/sessions", "/api/status")
    )
    wire.drain(1.5)
    return won_if(got > 0, f"{got * len(MARK)} bytes as the state of a kernel")


def _route(
    name: str,
    tries: str,
    run: Callable[[Scene], Outcome],
    off: Without = OPEN_GATE,
    wins: str = "",
    control: str = GATE,
) -> Attack:
    return Attack(
        f"address-{name}",
        tries,
        "a script with the page's token asks the desk",
        wins or "an answer that is no refusal",
        control,
        run,
        off,
    )


ATTACKS = (
    _route(
        "files",
        "whole files by /files, in sixteen spellings",
        _files_route,
        FILES_ROUTE,
        "one byte of a file",
        GATE + "; the route is not made (settings)",
    ),
    _route("spellings", "closed addresses with dots, slashes and percent signs in them", _spellings),
    _route("metrics", "the server's metrics", answered("GET", "/metrics")),
    _route("specification", "the description of the whole interface", answered("GET", "/api/spec.yaml")),
    _route(
        "config-write",
        "settings of the server's front end written for later",
        answered("PATCH", "/api/config/notebook", {"load_extensions": {"x": True}}),
    ),
    _route(
        "resolve-path",
        "whether a path exists and where",
        answered("GET", "/api/resolvePath?path=/etc/passwd", None, lambda s, c: s == 200),
    ),
    _route("plugins", "which plugins are off, and turning them on", answered("GET", "/lab/api/plugins")),
    _route("extensions", "the extension manager", answered("GET", "/lab/api/extensions")),
    _route(
        "licenses",
        "licences of packages: names and versions of what runs here",
        answered("GET", "/lab/api/licenses/"),
    ),
    _route(
        "events",
        "an event forged in the server's name",
        answered(
            "POST",
            "/api/events",
            {
                "schema_id": "https://events.jupyter.org/jupyter_server/contents_service/v1",
                "version": "1",
                "data": {"action": "get", "path": "x"},
            },
        ),
    ),
    _route(
        "identity-write",
        "another name for oneself",
        answered("PATCH", "/api/me", {"display_name": "another"}, lambda s, c: s not in {403, 404}),
    ),
    _route(
        "labextensions",
        "2 MB as a page extension, asked for without any token as well",
        _labextension,
        SHARED_FOLDERS,
        "one byte of it",
        FOLDERS,
    ),
    _route(
        "lab-state",
        "2 MB as workspaces and settings of the page",
        _lab_state,
        SHARED_FOLDERS,
        "one byte of it",
        FOLDERS,
    ),
    _route(
        "kernelspec-resources",
        "2 MB as a kernel's name and pictures",
        _kernelspec_resources,
        KERNELSPECS,
        "one byte of it",
        "kernel specifications come from one read-only folder (kernels)",
    ),
    _route(
        "kernel-in-the-desk",
        "a kernel specification whose program runs in the server's own container",
        _kernel_in_the_desk,
        KERNELSPECS,
        "a file made in the desk",
        "only the broker starts kernels (kernels, provisioner)",
    ),
    _route(
        "kernel-ids",
        "kernel ids that are paths",
        _kernel_ids,
        KERNEL_IDS,
        "an id taken that is no UUID",
        "a kernel id is a UUID (kernels, questions)",
    ),
    _route(
        "kernel-state",
        "3 MB as the state of a kernel, read over HTTP",
        _rest_state,
        REST_STATE,
        "one byte of it",
        "what is told of a kernel over HTTP is written anew as well",
    ),
)
