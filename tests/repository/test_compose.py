"""What the compose file's schema cannot know: names that exist, services that wait, settings that are complete."""

from __future__ import annotations

import ast
import copy
import shutil
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from ruamel.yaml import YAML

from tests.repository.tree import ROOT, read

APPLICATION = ("web", "worker", "worker-reports", "beat", "migrate")
# Read by the settings and rightly absent in production, each with its reason.
ABSENT = {
    "DEBUG": "never in production",
    "PES_DEMO": "production refuses to start with it",
}


def compose() -> dict[str, Any]:
    """The compose file with its merges resolved."""
    return YAML(typ="safe").load(read(Path("docker-compose.yml")))


def variables_read(source: str) -> set[str]:
    """Names that the settings read: the first argument of every `env…("NAME")`."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call) and node.args]
    return {
        str(call.args[0].value)
        for call in calls
        if ast.unparse(call.func).split(".")[0] == "env" and isinstance(call.args[0], ast.Constant)
    }


def dangling(file: dict[str, Any]) -> list[str]:
    """Names a service uses that are declared nowhere, and files it mounts that do not exist."""
    found = []
    for name, service in file["services"].items():
        sources = [str(volume).split(":")[0] for volume in service.get("volumes", [])]
        wanted = {
            "services": list(service.get("depends_on", {})),
            "secrets": service.get("secrets", []),
            "networks": service.get("networks", []),
            "volumes": [source for source in sources if not source.startswith(".")],
        }
        found += [f"{name}: {what} {n}" for what, names in wanted.items() for n in names if n not in file[what]]
        found += [f"{name}: {s} does not exist" for s in sources if s.startswith(".") and not (ROOT / s).exists()]
        given = service.get("environment", {})
        mounted = {f"/run/secrets/{secret}" for secret in service.get("secrets", [])}
        found += [f"{name}: {k} is not mounted" for k, v in given.items() if k.endswith("_FILE") and v not in mounted]
    used = {secret for service in file["services"].values() for secret in service.get("secrets", [])}
    return found + [f"nobody uses the secret {secret}" for secret in file["secrets"].keys() - used]


def incomplete(file: dict[str, Any], variables: set[str]) -> list[str]:
    """Settings an application service would not find, and services that are not watched, awaited or closed."""
    services = file["services"]
    found = []
    for name in APPLICATION:
        given = {key.removesuffix("_FILE") for key in services[name]["environment"]}
        found += [f"{name}: {variable} is not set" for variable in sorted(variables - given - ABSENT.keys())]
        awaited = services[name]["depends_on"].get("migrate", {}).get("condition")
        if name != "migrate" and awaited != "service_completed_successfully":
            found.append(f"{name}: does not wait for the migration")
    for name, service in services.items():
        found += [
            f"{name}: no {key}" for key in ("healthcheck", "read_only", "cap_drop", "restart") if key not in service
        ]
        for other, how in service.get("depends_on", {}).items():
            check = services.get(other, {}).get("healthcheck", {})
            if how["condition"] == "service_healthy" and "test" not in check:
                found.append(f"{name}: waits for the health of {other}, which has no check")
    return found


def test_every_name_of_the_compose_file_exists() -> None:
    assert dangling(compose()) == []


def test_every_service_is_complete() -> None:
    assert incomplete(compose(), variables_read(read(Path("pes/settings.py")))) == []


def test_the_settings_are_read_where_this_test_looks() -> None:
    assert {"SECRET_KEY", "DATABASE_URL", "PES_ENV", "JOB_VISIBILITY_SECONDS"} <= variables_read(
        read(Path("pes/settings.py"))
    )


def test_broker_and_cache_are_different_instances() -> None:
    broker, cache = (read(Path(f"deploy/valkey-{name}.conf")) for name in ("broker", "cache"))

    assert "maxmemory-policy noeviction" in broker
    assert "appendonly yes" in broker
    assert "noeviction" not in cache


def test_data_services_have_no_way_out() -> None:
    file = compose()

    assert file["networks"]["data"]["internal"] is True
    assert [file["services"][name]["networks"] for name in ("postgres", "valkey", "valkey-cache")] == [["data"]] * 3


def test_the_proxy_overwrites_what_a_client_claims() -> None:
    caddyfile = read(Path("deploy/Caddyfile"))

    assert "header_up X-Forwarded-Proto {scheme}" in caddyfile
    assert "header_up X-Forwarded-For {remote_host}" in caddyfile


def test_the_secrets_are_made_once_and_name_existing_services(tmp_path: Path) -> None:
    script = tmp_path / "deploy" / "make-secrets"
    script.parent.mkdir()
    shutil.copy(ROOT / "deploy" / "make-secrets", script)
    made = tmp_path / "secrets"

    subprocess.run([script, "smtp://mail.example"], check=True)
    first = {path.name: path.read_text() for path in made.iterdir()}
    subprocess.run([script, "smtp://other.example"], check=True)

    assert first == {path.name: path.read_text() for path in made.iterdir()}
    assert compose()["secrets"].keys() <= first.keys()
    hosts = {urlsplit(first[name]).hostname for name in ("database_url", "broker_url", "cache_url")}
    assert hosts == {"postgres", "valkey", "valkey-cache"} <= compose()["services"].keys()


BREAKAGES: dict[str, tuple[str, ...]] = {
    "a secret that is declared nowhere": ("secrets", "audit_key"),
    "a volume that is declared nowhere": ("volumes", "files"),
    "a service that is awaited and gone": ("services", "valkey-cache"),
    "no check of a service that is awaited": ("services", "postgres", "healthcheck"),
    "a setting that is not given": ("services", "web", "environment", "AUDIT_KEY_FILE"),
    "a secret that is not mounted": ("services", "beat", "secrets"),
    "no wait for the migration": ("services", "worker", "depends_on", "migrate"),
    "a root that can be written": ("services", "proxy", "read_only"),
}


@pytest.mark.parametrize("keys", BREAKAGES.values(), ids=BREAKAGES.keys())
def test_a_broken_compose_file_is_found(keys: tuple[str, ...]) -> None:
    file = copy.deepcopy(compose())
    *parents, last = keys
    place = file
    for key in parents:
        place = place[key]

    del place[last]

    assert dangling(file) + incomplete(file, variables_read(read(Path("pes/settings.py"))))
