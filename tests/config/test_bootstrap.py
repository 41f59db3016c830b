"""The first start on a fresh machine: nothing installed, and a clear sentence for whatever goes wrong."""

import ast
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from config import bootstrap

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    "name", ["__init__", "bootstrap", "embedded", "keeper", "machine", "supervisor", "testing", "linting", "modules", "command_line"]
)
def test_what_runs_before_the_installation_needs_nothing_installed(name: str) -> None:
    """Inside functions other imports may come: they run later."""
    for node in ast.parse((ROOT / "config" / f"{name}.py").read_text()).body:
        names = (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else [one.name for one in node.names]
            if isinstance(node, ast.Import)
            else []
        )
        for imported in names:
            assert imported.split(".")[0] in sys.stdlib_module_names | {"config"}, f"config/{name}.py imports {imported}"


def test_an_interpreter_that_is_too_old_can_read_manage_py_and_says_so() -> None:
    tree = ast.parse((ROOT / "manage.py").read_text(), feature_version=(3, 4))
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)], "an f-string is a syntax error to an old interpreter"
    code = "import sys; sys.version_info = (3, 6, 1); exec(open('manage.py').read())"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.startswith("Satu needs Python 3.11 or newer, and this is Python 3.6")
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    """A copy of what a fresh clone has, without `.venv`."""
    shutil.copytree(ROOT / "config", tmp_path / "config", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("manage.py", bootstrap.RUN_TIME, bootstrap.DEVELOPMENT, bootstrap.INSTALLER):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def base_python() -> str:
    """The interpreter that this environment was made from: it has no Django."""
    return str(getattr(sys, "_base_executable", sys.executable))


def test_without_network_it_says_so_and_leaves_nothing_that_looks_installed(fresh: Path) -> None:
    closed = "http://127.0.0.1:9/simple"
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "UV_"))}
    environment |= {
        "PIP_INDEX_URL": closed,
        "PIP_EXTRA_INDEX_URL": closed,
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_RETRIES": "0",
        "HOME": str(fresh),
    }
    done = subprocess.run([base_python(), "manage.py", "up"], cwd=fresh, env=environment, capture_output=True, text=True)
    if "Django" in done.stderr or done.returncode != 1:
        pytest.skip("the base interpreter has Django installed, so nothing is downloaded")
    assert "Satu cannot start: the package installer could not be downloaded, because the package index could not be reached" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (fresh / ".venv" / bootstrap.STAMP.name).exists()


def test_a_full_disk_is_said_before_anything_is_written(fresh: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(10**9, 10**9, 5 * 2**20))
    with pytest.raises(bootstrap.CannotPrepare, match="has 5 MB free and the installation needs about 900 MB"):
        bootstrap.install(bootstrap.RUN_TIME)


@pytest.mark.parametrize(
    ("log", "sentence"),
    [
        ("error: No space left on device (os error 28)", "the disk filled up"),
        ("dns error: failed to lookup address", "index could not be reached"),
        ("THESE PACKAGES DO NOT MATCH THE HASHES", "THESE PACKAGES DO NOT MATCH THE HASHES"),
    ],
)
def test_a_failed_step_becomes_one_sentence(log: str, sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "LOG", tmp_path / "install.log")
    bootstrap.LOG.write_text(log)
    with pytest.raises(bootstrap.CannotPrepare, match=sentence):
        bootstrap.say_why("the packages could not be installed")


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An environment that looks installed."""
    for name in ("VENV", "PYTHON", "STAMP", "UNFINISHED"):
        monkeypatch.setattr(bootstrap, name, tmp_path / getattr(bootstrap, name).name)
    bootstrap.PYTHON.touch()
    bootstrap.STAMP.write_text(json.dumps({"locks": [bootstrap.fingerprint(bootstrap.RUN_TIME)]}))
    return tmp_path


def test_a_repeated_start_skips_what_is_up_to_date(environment: Path) -> None:
    assert bootstrap.is_installed(bootstrap.RUN_TIME)


def test_tests_need_more_than_the_run_time_packages(environment: Path) -> None:
    assert not bootstrap.is_installed(bootstrap.DEVELOPMENT)


def test_an_interrupted_installation_is_not_taken_for_a_whole_one(environment: Path) -> None:
    bootstrap.UNFINISHED.touch()
    assert not bootstrap.is_installed(bootstrap.RUN_TIME)


def test_a_new_lock_is_installed(environment: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "fingerprint", lambda lock: "another")
    assert not bootstrap.is_installed(bootstrap.RUN_TIME)


def test_the_machine_s_package_index_is_passed_on_to_uv(monkeypatch: pytest.MonkeyPatch) -> None:
    listing = (
        ":env:.find-links='/wheels'\nglobal.cert='/ca.pem'\nglobal.extra-index-url='\\nfile:///one\\nfile:///two'\n"
        "global.find-links='/other'\nglobal.index-url='https://index.example/simple'\n"
    )
    monkeypatch.setattr(subprocess, "run", lambda *words, **more: subprocess.CompletedProcess(words, 0, listing))
    for name in list(os.environ):
        if name.startswith("UV_") or name == "SSL_CERT_FILE":
            monkeypatch.delenv(name)
    assert bootstrap.settings_for_uv() == {
        "UV_DEFAULT_INDEX": "https://index.example/simple",
        "UV_INDEX": "file:///one file:///two",
        "UV_FIND_LINKS": "/wheels",
        "SSL_CERT_FILE": "/ca.pem",
        "UV_INDEX_STRATEGY": "unsafe-best-match",
        "UV_NO_PROGRESS": "1",
    }


def test_every_locked_package_has_hashes_and_no_address() -> None:
    for name in (bootstrap.RUN_TIME, bootstrap.DEVELOPMENT, bootstrap.INSTALLER):
        text = (ROOT / name).read_text()
        assert "://" not in text, f"{name} names a host"
        for block in text.replace("\\\n", " ").splitlines():
            if block and not block.lstrip().startswith("#"):
                assert "--hash=sha256:" in block, f"{name}: {block[:60]} is not pinned by hash"
