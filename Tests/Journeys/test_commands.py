"""`abide clock` by the facts of the page that defines it, through the command that people script."""

import json
import subprocess

from desk import ABIDE, new_ticket

WEEK = {day: [["08:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
DALLAS = {"zone": "America/Chicago", "week": WEEK, "holidays": "us-federal"}
ALWAYS = {"zone": "America/Chicago", "week": {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}}
SUNDAY = {"zone": "America/Chicago", "week": {"sun": [["01:00", "03:00"]]}}


def batch(lines):
    text = "".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines)
    done = subprocess.run([ABIDE, "clock", "batch"], input=text, capture_output=True, text=True, timeout=30)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_the_facts_that_a_wrong_implementation_gets_wrong():
    questions = [
        ({**DALLAS, "op": "add", "start": "2026-07-02T20:00:00Z", "seconds": 7200}, {"due": "2026-07-02T22:00:00Z"}),
        ({**DALLAS, "op": "add", "start": "2026-07-02T21:30:00Z", "seconds": 7200}, {"due": "2026-07-06T14:30:00Z"}),
        ({**DALLAS, "op": "addDays", "start": "2026-03-06T16:00:00Z", "days": 1}, {"due": "2026-03-09T15:00:00Z"}),
        ({**ALWAYS, "op": "between", "start": "2026-03-08T06:00:00Z", "end": "2026-03-09T05:00:00Z"}, {"seconds": 82_800}),
        ({**ALWAYS, "op": "between", "start": "2026-11-01T05:00:00Z", "end": "2026-11-02T06:00:00Z"}, {"seconds": 90_000}),
        ({**SUNDAY, "op": "between", "start": "2026-03-08T06:00:00Z", "end": "2026-03-09T05:00:00Z"}, {"seconds": 3_600}),
        ({**SUNDAY, "op": "between", "start": "2026-11-01T05:00:00Z", "end": "2026-11-02T06:00:00Z"}, {"seconds": 10_800}),
    ]
    answers = batch([{"id": f"q{number}", **question} for number, (question, _) in enumerate(questions)])
    assert answers == [{"id": f"q{number}", **answer} for number, (_, answer) in enumerate(questions)]


def test_a_line_that_makes_no_sense_answers_an_error_and_the_run_goes_on():
    good = {"id": "good", **DALLAS, "op": "add", "start": "2026-07-02T20:00:00Z", "seconds": 7200}
    answers = batch(["{not json", {**good, "id": "zone", "zone": "Mars/Olympus"}, {**good, "id": "minus", "seconds": -1}, {**good, "id": "key", "wek": 1}, good])
    assert [answer["id"] for answer in answers] == [None, "zone", "minus", "key", "good"]
    assert all("error" in answer for answer in answers[:4]) and answers[4]["due"] == "2026-07-02T22:00:00Z"


def test_C7_explain_says_every_interval_and_the_sum(desk):
    ref = new_ticket(desk.api("client"))["ref"]
    said = desk.command("clock", "explain", ref)
    assert ref in said and "Response" in said or "response" in said
    assert json.loads(desk.command("clock", "explain", ref, "--json")).keys() >= {"response", "resolution"}
    desk.command("clock", "explain", "ABD-987654", expect=1)
