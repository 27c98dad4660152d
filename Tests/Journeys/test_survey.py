"""The last step of every ticket: one click from the mail, without signing on, with scripts off (H1, H4)."""

import re

from desk import eventually, new_ticket, words


def test_H1_H4_the_caller_says_how_it_was_by_the_link_in_the_mail_and_a_poor_answer_is_followed_up(desks, relay, people, chromium):
    desk = desks(None, "--relay", relay.url)
    client, agent = desk.api("client"), desk.api("agent")
    ref = new_ticket(client, urgency=3)["ref"]
    agent.post(f"/tickets/{ref}/resolution", {"body": "The filter was full."}, expect=201)
    client.post(f"/tickets/{ref}/closure", {}, expect=201)
    mail = relay.wait("survey", desk.account("client")["email"], ref)
    link = re.search(r"http://\S+/s/[\w.]+", words(mail))[0]
    assert mail["List-Unsubscribe"] == f"<{link}/end>" and mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    context = chromium.new_context(java_script_enabled=False)
    visitor = context.new_page()
    visitor.goto(link + "?score=2")
    assert visitor.locator("[name=q-satisfied][value='2']").is_checked()
    visitor.locator("[name=q-comment]").fill("It took too long.")
    visitor.get_by_role("button", name="Send").click()
    visitor.get_by_role("heading", name="Thank you.").wait_for()
    scores = lambda: [event["facts"]["score"] for event in agent.events(ref) if event["type"] == "surveyAnswered"]
    assert scores() == [2]
    relay.wait("surveyPoor", desk.account("serviceManager")["email"], ref)
    assert any(one["ref"] == ref and one["kind"] == "surveyPoor" for one in desk.api("serviceManager").get("/notifications")["items"])
    # Staff who read the outbox do not get the link, which acts for its recipient.
    page = people(desk, desk.account("agent"))
    page.goto("/outbox")
    page.locator("tr", has_text=ref).filter(has_text="survey").filter(has_not_text="surveyPoor").locator("th a").first.click()
    page.locator(".mail details summary").last.click()
    assert "/s/…" in page.inner_text(".mail pre") and link.split("/s/")[1] not in page.content()
    # The same form stands on the ticket's page, with what was said.
    own = people(desk, desk.account("client"))
    own.goto(f"/portal/tickets/{ref}")
    assert own.locator("#survey [name=q-satisfied][value='2']").is_checked()
    own.locator("#survey [name=q-satisfied][value='5']").check(force=True)
    own.get_by_role("button", name="Change it").click()
    own.wait_for_url("**done=surveyed*")
    eventually("the change", lambda: scores() == [2, 5])
    visitor.goto(link)
    visitor.get_by_role("button", name="Ask me by mail no more").click()
    visitor.get_by_role("heading", name="You are not asked any more.").wait_for()
    context.close()
