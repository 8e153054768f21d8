"""A day's work in Python and in R, in the kernels of a running house, on an extract that is really encrypted.

What researchers expect is there and works behind the isolation baseline: tables, models, figures
with Japanese labels as PNG, several processes, interrupt, restart, completion, and the way out.
"""

import re
from collections.abc import Iterator

import pytest

from tests.support.attack_scene import Place
from tests.support.hub_running import RunningHub, running_hub, until
from tests.support.kernel_room import PROJECT, Seat, hand_over

PNG = b"\x89PNG\r\n\x1a\n"
SUBMITTED = re.compile(r"Submitted \(number ([0-9a-f-]{36})\)")


@pytest.fixture(scope="module")
def house() -> Iterator[RunningHub]:
    with running_hub(hand_over) as hub:
        yield hub


@pytest.fixture(scope="module")
def place(house: RunningHub) -> Place:
    browser = house.person("mei")
    browser.enter(PROJECT)
    browser.until_ready(PROJECT)
    return Place(house, "mei", PROJECT, browser)


@pytest.fixture(scope="module")
def python(place: Place) -> Iterator[Seat]:
    seat = Seat.at(place, "python3")
    seat.run("from enclave_kit import connect, tables, request_release, releases\nd = connect()")
    seat.run("p = d.execute('SELECT * FROM person').fetchdf()")
    yield seat
    seat.leave()


@pytest.fixture(scope="module")
def r(place: Place) -> Iterator[Seat]:
    seat = Seat.at(place, "ir")
    seat.run("suppressMessages({library(dplyr); library(survival); library(ggplot2)})")
    seat.run("p <- query('SELECT * FROM person')")
    yield seat
    seat.leave()


PACKAGES = (
    "pandas polars pyarrow numpy scipy statsmodels sklearn lifelines tableone matplotlib seaborn duckdb"
    " duckdb_extension_httpfs joblib"
)


@pytest.mark.parametrize("name", PACKAGES.split())
def test_the_working_set_is_there(python: Seat, name: str) -> None:
    assert python.run(f"import {name}; print({name}.__name__)") == name


MODELS = {
    "pandas": "print(len(p), p.groupby('sex').size().to_dict())",
    "polars": "import polars as pl; f = pl.from_pandas(p); print(f.group_by('sex').agg(pl.len()).height, len(f))",
    "pyarrow": "import pyarrow.parquet, pyarrow as pa; pa.parquet.write_table(pa.Table.from_pandas(p), '/tmp/p.pq'); print(pa.parquet.read_table('/tmp/p.pq').num_rows)",
    "scipy": "import scipy.stats as s; print(s.ttest_ind(p.age[p.died], p.age[~p.died]).pvalue > 0)",
    "statsmodels": "import statsmodels.formula.api as m; print(m.logit('y ~ age', p.assign(y=p.died.astype(int))).fit(disp=0).nobs)",
    "scikit-learn": "from sklearn.ensemble import RandomForestClassifier as F; print(F(n_jobs=2).fit(p[['age', 'days']], p.died).n_features_in_)",
    "lifelines": "from lifelines import CoxPHFitter as C; print(C().fit(p[['age', 'days', 'died']], 'days', 'died').event_observed.sum())",
    "tableone": "from tableone import TableOne; print('平均' in str(TableOne(p, columns=['age', 'sex'], groupby='died', rename={'age': '平均'})))",
    "duckdb": "print(d.execute('SELECT count(*) FROM p WHERE lab IS NULL').fetchone())",
    "processes": "import multiprocessing as m\nwith m.get_context('fork').Pool(2) as pool: print(pool.map(abs, [-1, -2]))",
    "joblib": "from joblib import Parallel, delayed; print(Parallel(n_jobs=2)(delayed(abs)(i) for i in (-1, -2)))",
    "shell": "print(get_ipython().getoutput('ls /work | wc -l')[0].strip().isdigit())",
}
SAID = {
    "pandas": "300 {'女': 150, '男': 150}",
    "polars": "2 300",
    "pyarrow": "300",
    "scipy": "True",
    "statsmodels": "300",
    "scikit-learn": "2",
    "lifelines": "100",
    "tableone": "True",
    "duckdb": "(60,)",
    "processes": "[1, 2]",
    "joblib": "[1, 2]",
    "shell": "True",
}


@pytest.mark.parametrize("name", MODELS)
def test_a_days_work_in_python(python: Seat, name: str) -> None:
    assert python.run(MODELS[name]).splitlines()[-1] == SAID[name]


def test_a_figure_of_python_is_png_and_its_japanese_is_there(python: Seat) -> None:
    code = "import matplotlib.pyplot as plt, seaborn\nseaborn.scatterplot(p, x='age', y='lab', hue='sex')\nplt.title('年齢と検査値 −1'); plt.show()"
    (figure,), said = python.figures(code)
    assert figure.startswith(PNG)
    assert "Glyph" not in said
    assert "font" not in said.lower()


def test_the_shortest_way_to_a_figure_finds_the_japanese_font(python: Seat) -> None:
    code = "from matplotlib.font_manager import FontProperties, findfont; print(findfont(FontProperties()))"
    assert "ipaexg" in python.run(code).lower()


R_WORK = {
    "extract": (
        "cat(class(p$age), class(p$day), class(p$died), sum(is.na(p$lab)), p$sex[1])",
        "integer Date logical 60 男",
    ),
    "labels": ("cat(unique(tables()$table_label))", "患者"),
    "dplyr": ("p |> group_by(sex) |> summarise(n = n()) |> pull(n) |> cat()", "150 150"),
    "survival": (
        "cat(coxph(Surv(days, died) ~ age + sex, data = p)$n, survdiff(Surv(days, died) ~ sex, p)$n)",
        "300 150 150",
    ),
    "processes": ("cat(unlist(parallel::mclapply(1:3, function(i) i^2, mc.cores = 2)))", "1 4 9"),
    "python": ("reticulate::py_run_string('print(\"隣の言語\")')", "隣の言語"),
    "read only": (
        "cat(tryCatch(query('CREATE TABLE x (a INT)'), error = function(e) grepl('read-only', conditionMessage(e))))",
        "TRUE",
    ),
}


@pytest.mark.parametrize("name", R_WORK)
def test_a_days_work_in_r(r: Seat, name: str) -> None:
    code, said = R_WORK[name]
    assert r.run(code) == said


def test_figures_of_r_are_png_of_the_size_of_pythons(r: Seat) -> None:
    plot = "plot(survfit(Surv(days, died) ~ sex, data = p), main = '生存曲線', xlab = '日数')"
    gg = "print(ggplot(p[!is.na(p$lab), ], aes(age, lab, colour = sex)) + geom_point() + labs(title = '年齢と検査値'))"
    for code in (plot, gg):
        (figure,), said = r.figures(code)
        assert figure.startswith(PNG)
        assert (int.from_bytes(figure[16:20]), int.from_bytes(figure[20:24])) == (640, 480)
        assert said == ""


def test_r_draws_japanese_with_the_images_font_when_nobody_names_one(r: Seat) -> None:
    r.run(
        "drawn <- function(family) { f <- tempfile(); png(f); plot.new(); text(.5, .5, '生存曲線', family = family)\n"
        "  dev.off(); unname(tools::md5sum(f)) }"
    )
    assert r.run("cat(drawn('') == drawn('IPAexGothic'), drawn('') == drawn('DejaVu Sans Mono'))").startswith(
        "TRUE"
    )
    assert r.run("cat(system2('fc-match', c('sans:lang=ja', 'family'), stdout = TRUE))").startswith(
        "IPAexGothic"
    )


def test_r_asks_for_a_release(place: Place, r: Seat) -> None:
    r.run("t <- p |> count(sex)")
    told = SUBMITTED.search(
        r.run("request_release(list('表1.csv' = t, '説明.txt' = 'これは表です'), '表', '男女の数')")
    )
    assert told
    until(lambda: told[1] in r.run("cat(releases()$draft_id)"))
    assert "csv" in r.fails("request_release(list('t.xlsx' = t), '表', '男女の数')")
    unfit = r.fails("request_release(list('t.csv' = t), '', '')")
    assert "Give a title" in unfit
    assert "Traceback (most recent" not in unfit


def test_python_and_r_write_the_same_csv(python: Seat, r: Seat) -> None:
    r.run("t <- as.data.frame(table(sex = p$sex), responseName = 'n')")
    r.run("request_release(list('t.csv' = t), 'from R', 'x')")
    read = "import csv, glob; print([list(csv.reader(open(f))) for f in glob.glob('/work/outbox/*/t.csv')])"
    found = python.run(read)
    assert found in {"[]", "[[['sex', 'n'], ['女', '150'], ['男', '150']]]"}, (
        "the courier may have been faster"
    )


def test_both_are_interrupted_at_once_and_go_on(python: Seat, r: Seat) -> None:
    long = {
        "python": (python, "import time; time.sleep(60)", "print(2 + 3)", "error"),
        "r": (r, "Sys.sleep(60)", "cat(2 + 3)", "abort"),
        "r in a loop": (r, "x <- 0; while (TRUE) x <- x + 1", "cat(2 + 3)", "abort"),
    }
    for name, (seat, busy, after, status) in long.items():
        told, seconds = seat.interrupted(busy)
        assert told.startswith(status) or told == "error", name
        assert seconds < 5, name
        assert seat.run(after) == "5", name


def test_an_interrupt_while_r_waits_ends_nothing(r: Seat) -> None:
    for _ in range(3):
        assert r.place.ask("POST", f"/api/kernels/{r.kernel_id}/interrupt").status_code == 204
    assert r.run("cat(nrow(p))") == "300"


def test_r_completes(r: Seat) -> None:
    assert "p$person_key" in r.completions("p$person")
    assert "survfit" in r.completions("survfi")


def test_r_restarts_with_nothing_left_and_with_the_key(place: Place) -> None:
    seat = Seat.at(place, "ir")
    try:
        seat.run("kept <- 1; writeLines('from_profile <- 1', '/work/.Rprofile')")
        seat.restart()
        assert seat.run("cat(exists('kept'), exists('from_profile'))") == "FALSE FALSE"
        assert seat.run("cat(query('SELECT count(*) AS n FROM person')$n)") == "300"
        seat.run("unlink('/work/.Rprofile')")
    finally:
        seat.leave()


def test_an_r_kernel_holds_the_key_in_memory_and_nothing_of_the_desk(r: Seat) -> None:
    names = set(r.run("cat(names(Sys.getenv()), sep = '\\n')").split())
    assert "HANARE_KEY_FD" in names
    assert not {n for n in names if n.startswith(("JUPYTER_", "JUPYTERHUB", "JPY_", "DESK", "HUB"))} - {
        "JUPYTER_RUNTIME_DIR"
    }
    key = "rawToChar(readBin(paste0('/proc/self/fd/', Sys.getenv('HANARE_KEY_FD')), 'raw', 80))"
    assert (
        r.run(f"k <- {key}; cat(nchar(k), any(k == Sys.getenv()), any(grepl(k, commandArgs())))")
        == "64 FALSE FALSE"
    )
