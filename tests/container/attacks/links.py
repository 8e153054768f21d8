"""Links, pipes and races: names in /work that lead elsewhere, or change while the desk looks at them.

Winning means a file of the desk's own in anybody's hands, bytes out of something that is no plain
file, or something of the desk's changed from outside.
"""

from collections.abc import Callable

from tests.container.attacks.files import fetched, file_attack, marks, prepared
from tests.container.attacks.variants import CONTENTS, OPEN_BY_NAME
from tests.support.attack_forgery import MARK
from tests.support.attack_scene import Place, Scene, desk_of, desk_token, inside
from tests.support.attack_table import Outcome, won_if

TOKEN_NAME = "JUPYTERHUB_API_TOKEN"
LINKS = (
    "every path is opened beneath /work without following a link, and what was opened is judged (work_folder)"
)


def link_reads(target: str, path: str, wanted: Callable[[Place], bytes]) -> Callable[[Scene], Outcome]:
    def run(scene: Scene) -> Outcome:
        place = scene.at("kei")
        prepared(
            place,
            f"os.path.lexists('l.txt') and os.remove('l.txt')\nos.path.lexists('ldir') and os.remove('ldir')\nos.symlink({target!r}, {'l.txt' if path.startswith('l.txt') else 'ldir'!r})",
        )
        answer = place.ask("GET", f"/api/contents/{path}")
        return won_if(wanted(place) in answer.content, f"{answer.status_code}, {len(answer.content)} bytes")

    return run


def _listing_through_link(scene: Scene) -> Outcome:
    place = scene.at("kei")
    prepared(place, "os.path.lexists('ldir') and os.remove('ldir')\nos.symlink('/', 'ldir')")
    said = fetched(place, "/api/contents/ldir?content=1") + fetched(place, "/api/contents/ldir/etc?content=1")
    return won_if(b"passwd" in said or b'"proc"' in said, f"{len(said)} bytes")


def _second_name(scene: Scene) -> Outcome:
    place = scene.at("kei")
    prepared(
        place,
        "open('.first', 'w').write(mark(800))\nos.path.exists('second.txt') and os.remove('second.txt')\nos.link('.first', 'second.txt')",
    )
    got = marks(fetched(place, "/api/contents/second.txt"))
    return won_if(got > 0, f"{got} bytes of a file with two names")


_PIPE_SWAP = (
    "open('swap.txt', 'w').write('x')\nos.mkfifo('other')\none, two = b'/work/swap.txt', b'/work/other'\n"
    "def feed():\n"
    "    while not stop[0]:\n"
    "        for name in ('other', 'swap.txt'):\n"
    "            try:\n"
    "                end = os.open(name, os.O_WRONLY | os.O_NONBLOCK)\n"
    "                stat.S_ISFIFO(os.fstat(end).st_mode) and os.write(end, mark(4096).encode())\n"
    "                os.close(end)\n"
    "            except OSError:\n"
    "                continue\n"
    "threading.Thread(target=feed, daemon=True).start()"
)


def _copy_through_link(scene: Scene) -> Outcome:
    place = scene.at("kei")
    prepared(
        place,
        "os.path.lexists('env.txt') and os.remove('env.txt')\nos.symlink('/proc/self/environ', 'env.txt')\nos.makedirs('copies', exist_ok=True)",
    )
    place.ask("POST", "/api/contents/copies", {"copy_from": "/env.txt"})
    said = place.cell(
        f"import glob; print(any({TOKEN_NAME[::-1]!r}[::-1] in open(p).read() for p in glob.glob('/work/copies/*')))"
    )
    return won_if(said == "True", f"the desk's environment in a copy: {said}")


def _write_through_link(scene: Scene) -> Outcome:
    place = scene.at("kei")
    prepared(
        place,
        "os.path.lexists('tdir') and os.remove('tdir')\nos.symlink('/tmp', 'tdir')\nopen('mine.txt', 'w').write('x')",
    )
    model = {"type": "file", "format": "text", "content": "planted"}
    place.ask("PUT", "/api/contents/tdir/planted-put.txt", model)
    place.ask("POST", "/api/contents/tdir", {"type": "file", "ext": ".txt"})
    place.ask("PATCH", "/api/contents/mine.txt", {"path": "tdir/planted-move.txt"})
    place.ask("POST", "/api/contents/tdir", {"copy_from": "/mine.txt"})
    place.ask("PUT", "/api/contents/tdir/planted-folder", {"type": "directory"})
    there = inside(desk_of(place), "ls", "/tmp")
    planted = [name for name in there.split() if name.startswith(("planted", "untitled", "mine"))]
    return won_if(bool(planted), planted or "nothing in the desk's own /tmp")


def _remove_through_link(scene: Scene) -> Outcome:
    place = scene.at("kei")
    inside(desk_of(place), "touch", "/tmp/victim.txt")
    prepared(place, "os.path.lexists('tdir') and os.remove('tdir')\nos.symlink('/tmp', 'tdir')")
    place.ask("PATCH", "/api/contents/tdir/victim.txt", {"path": "taken.txt"})
    place.ask("DELETE", "/api/contents/tdir/victim.txt")
    there = inside(desk_of(place), "ls", "/tmp").split()
    return won_if(
        "victim.txt" not in there,
        "the desk's own file is gone" if "victim.txt" not in there else "it is there",
    )


def race(swap: str, tries: int, path: str, wanted: Callable[[Place], bytes]) -> Callable[[Scene], Outcome]:
    """Two names change places as fast as a kernel can, while the desk is asked again and again."""

    def run(scene: Scene) -> Outcome:
        place = scene.at("kei")
        prepared(
            place,
            "import ctypes\nlibc = ctypes.CDLL(None)\nstop = [False]\n"
            "for n in ('swap.txt', 'swap', 'other'):\n"
            "    (shutil.rmtree if os.path.isdir(n) and not os.path.islink(n) else os.remove)(n) if os.path.lexists(n) else None\n"
            f"{swap}\n"
            "def flicker():\n"
            "    while not stop[0]:\n"
            "        libc.renameat2(-100, one, -100, two, 2)\n"
            "threading.Thread(target=flicker, daemon=True).start()",
        )
        sought, seen = wanted(place), 0
        try:
            for _ in range(tries):
                seen += sought in place.raw("GET", path)[1]
                if seen:
                    break
        finally:
            prepared(place, "stop[0] = True")
        return won_if(seen > 0, f"what lies behind the link came in {seen} of at most {tries} answers")

    return run


_FILE_SWAP = "open('swap.txt', 'w').write('x')\nos.symlink('/proc/self/environ', 'other')\none, two = b'/work/swap.txt', b'/work/other'"
_FOLDER_SWAP = "os.mkdir('swap')\nos.symlink('/proc/self', 'other')\none, two = b'/work/swap', b'/work/other'"


def _token(place: Place) -> bytes:
    return desk_token(place).encode()


ATTACKS = (
    file_attack(
        "link-to-environment",
        "a link to the reader's own environment, opened as text",
        "the desk's token",
        LINKS,
        link_reads("/proc/self/environ", "l.txt", _token),
    ),
    file_attack(
        "link-to-root",
        "a link to the root folder, then its files",
        "a file of the desk's",
        LINKS,
        link_reads("/", "ldir/proc/self/environ", _token),
    ),
    file_attack(
        "link-listing",
        "a link to the root folder, then its listing",
        "names of the desk's files",
        LINKS,
        _listing_through_link,
    ),
    file_attack(
        "hard-link", "a file with two names, the first of them hidden", "one byte of it", LINKS, _second_name
    ),
    file_attack(
        "race-pipe",
        "a file changes places with a pipe that has an eager writer, a few thousand times",
        "bytes out of the pipe",
        LINKS,
        race(_PIPE_SWAP, 2_400, "/api/contents/swap.txt", lambda _: MARK.encode()),
        OPEN_BY_NAME,
    ),
    file_attack(
        "copy-through-link",
        "a copy made by the desk of what a link names",
        "the desk's environment in /work",
        LINKS,
        _copy_through_link,
    ),
    file_attack(
        "write-through-link",
        "saving, moving, copying and making folders through a linked folder",
        "a name in the desk's own /tmp",
        LINKS,
        _write_through_link,
    ),
    file_attack(
        "remove-through-link",
        "moving away and removing through a linked folder",
        "a file of the desk's gone",
        LINKS,
        _remove_through_link,
    ),
    file_attack(
        "race-file",
        "a file changes places with a link while it is read, thousands of times",
        "the desk's token once",
        LINKS,
        race(_FILE_SWAP, 2500, "/api/contents/swap.txt", _token),
        OPEN_BY_NAME,
    ),
    file_attack(
        "race-folder",
        "a folder on the way changes places with a link, thousands of times",
        "names of another folder once",
        LINKS,
        race(_FOLDER_SWAP, 1500, "/api/contents/swap?content=1", lambda _: b'"environ"'),
        CONTENTS,
    ),
)
