"""What lies in deploy/ is what it says: the unit is read by systemd, the balancer's settings by HAProxy, and behind them nodes are restarted one after the other without anybody noticing."""

import re
import socket
import subprocess
import threading
import time
from collections import Counter

import requests
import yaml
from desk import ABIDE, ROOT, Desk, eventually

DEPLOY = ROOT / "deploy"


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def test_the_unit_is_right_and_says_what_is_kept(tmp_path):
    text = (DEPLOY / "abide.service").read_text()
    unit = tmp_path / "abide.service"
    unit.write_text(text.replace("/usr/local/bin/abide", str(ABIDE)))
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", unit], capture_output=True, text=True)
    # Other units of this machine may have faults of their own.
    assert done.returncode == 0 and "abide.service" not in done.stderr, done.stderr
    command = re.search(r"^ExecStart=\S+ (\S+)$", text, re.M)[1]
    assert subprocess.run([ABIDE, command, "--help"], capture_output=True).returncode == 0
    # What its settings name is understood: an unknown key would be said.
    example = yaml.safe_load((DEPLOY / "abide.yaml").read_text())
    assert example["data"] == "/var/lib/abide"
    settings = (DEPLOY / "abide.yaml").read_text().replace("/var/lib/abide", str(tmp_path / "data")).replace(":8080", ":0").replace(":2525", ":0")
    (tmp_path / "abide.yaml").write_text(settings)
    desk = Desk(tmp_path / "data")
    desk.environment = {"ABIDE_CONFIG": str(tmp_path / "abide.yaml")}
    try:
        desk.start()
        assert requests.get(desk.http + "/health/ready", timeout=5).status_code == 200
    finally:
        desk.kill()


def test_the_compose_file_names_what_there_is():
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    services = compose["services"]
    nodes = [name for name in services if name.startswith("node")]
    assert len(nodes) == 3
    for name in nodes:
        node = services[name]
        assert (ROOT / node["build"]["dockerfile"]).exists() and node["command"][:2] == ["abide", "serve"]
        # Each setting of the environment is an option of `abide serve`.
        options = subprocess.run([ABIDE, "serve", "--help"], capture_output=True, text=True).stdout
        for variable in node["environment"]:
            assert "--" + variable.removeprefix("ABIDE_").lower().replace("_", "-") in options, variable
    balancer = (DEPLOY / "haproxy.cfg").read_text()
    assert all(f"server {name} {name}:8080" in balancer and f"server {name} {name}:2525" in balancer for name in nodes)
    assert {volume.split(":")[0] for service in services.values() for volume in service.get("volumes", []) if not volume.startswith("./")} == set(compose["volumes"])


def test_P20_nodes_are_restarted_one_after_the_other_behind_the_balancer(nodes, tmp_path):
    """The shipped settings of HAProxy, with the addresses of three real nodes: readers and writers meet no failed call while each node is stopped and started."""
    three = nodes(3)
    web, smtp = free_port(), free_port()
    text = (DEPLOY / "haproxy.cfg").read_text().replace("bind :8080", f"bind 127.0.0.1:{web}").replace("bind :2525", f"bind 127.0.0.1:{smtp}")
    # Started again on the ports that they have: the balancer knows them by their addresses.
    for number, node in enumerate(three, 1):
        text = text.replace(f"node{number}:8080", node.http.removeprefix("http://")).replace(f"node{number}:2525", "{}:{}".format(*node.smtp))
        node.options = (*[one for one in node.options if one != "--demo"], "--http", node.http.removeprefix("http://"), "--smtp", "{}:{}".format(*node.smtp))
    (tmp_path / "haproxy.cfg").write_text(text)
    balancer = subprocess.Popen(["haproxy", "-db", "-f", tmp_path / "haproxy.cfg"], stderr=subprocess.PIPE)
    base, stop, statuses, lock, made = f"http://127.0.0.1:{web}", threading.Event(), Counter(), threading.Lock(), set()
    token = three[0].command("token", "create", three[0].account("client")["email"]).strip()
    try:
        def answers():
            try:
                return requests.get(base + "/health/ready", timeout=5).status_code == 200
            except requests.RequestException:
                return False

        eventually("the balancer", answers, within=20)

        def call(number):
            count = 0
            while not stop.is_set():
                subject = f"P20 {number}-{count}"
                headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": subject, "Connection": "close"}
                try:
                    if number % 2:
                        status = requests.get(base + "/api/v1/tickets", params={"limit": 5}, headers=headers, timeout=20).status_code
                    else:
                        status = requests.post(base + "/api/v1/tickets", json={"subject": subject, "description": "x", "urgency": 3}, headers=headers, timeout=20).status_code
                        if status == 201:
                            with lock:
                                made.add(subject)
                except requests.RequestException as fault:
                    status = type(fault).__name__
                with lock:
                    statuses[status] += 1
                count += 1

        callers = [threading.Thread(target=call, args=(number,)) for number in range(4)]
        for caller in callers:
            caller.start()
        for node in three:
            before = sum(statuses.values())
            eventually("some calls", lambda: sum(statuses.values()) > before + 20, within=30)
            node.stop()
            node.start()
            eventually("ready", lambda: requests.get(node.http + "/health/ready", timeout=5).status_code == 200, within=20)
        before = sum(statuses.values())
        eventually("some calls more", lambda: sum(statuses.values()) > before + 20, within=30)
        stop.set()
        for caller in callers:
            caller.join(30)
        assert set(statuses) == {200, 201}, statuses
        found = {one["subject"] for one in three[0].api("serviceManager").get("/tickets", params={"limit": 200, "sort": "-logged"})["items"]}
        assert len(made) > 20 and set(sorted(made, key=lambda one: int(one.split("-")[1]))[-20:]) <= found
    finally:
        stop.set()
        balancer.terminate()
        balancer.wait(10)
