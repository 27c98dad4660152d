"""S1, S2: mails that try to run, or to call home, opened in every view as every role that can see them."""

import html
import smtplib
from email.message import EmailMessage

from desk import LONG, eventually

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


def families():
    """Many more, each of a way to hide it and a place that would run or fetch it; every one is distinct."""
    events = ["onerror", "onload", "onfocus", "onmouseover", "ontoggle", "onanimationstart", "onpointerenter", "onbegin", "onscroll", "oncopy"]
    tags = ["img src=x", "svg", "video src=x", "body", "input autofocus", "details open", "iframe", "object data=x", "audio src=x", "select autofocus", "div tabindex=1 autofocus contenteditable", "math"]
    # How an attribute can be written.
    shapes = ["<{tag} {event}={run}>", "<{tag} {event}='{run}'>", '<{tag} {event}="{run}">', "<{tag}/{event}={run}>", "<{tag}\t{event}\n=\n{run}>", "<{tag} {event}=`{run}`>", "<{tag} a='>' {event}={run}>", "<{upper} {EVENT}={run}//"]
    for number, tag in enumerate(tags):
        for place, event in enumerate(events):
            yield shapes[(number + place) % len(shapes)].format(tag=tag, upper=tag.upper(), event=event, EVENT=event.upper(), run=RUN)
    schemes = [
        f"javascript:{RUN}", f"JaVaScRiPt:{RUN}", f"java&Tab;script:{RUN}", f"java&NewLine;script&colon;{RUN}", f"&#x6A;avascript:{RUN}", f"&#0000106avascript:{RUN}", f"&#1;javascript:{RUN}", f"\x0bjavascript:{RUN}",
        f"data:text/html,<script>{RUN}</script>", f"data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==", f"data:image/svg+xml,<svg onload={RUN}>", f"vbscript:{RUN}", f"view-source:javascript:{RUN}", f"blob:{CANARY}", f"{CANARY}", "//canary.invalid/x", "\\\\canary.invalid\\x",
    ]
    carriers = [
        "<a href=\"{}\">x</a>", "<img src=\"{}\">", "<iframe src=\"{}\"></iframe>", "<form action=\"{}\"><button>x</button></form>", "<button formaction=\"{}\">x</button>", "<object data=\"{}\"></object>", "<embed src=\"{}\">",
        "<svg><a xlink:href=\"{}\"><text>x</text></a></svg>", "<svg><image href=\"{}\" /></svg>", "<math href=\"{}\">x</math>", "<base href=\"{}\">", "<link rel=stylesheet href=\"{}\">", "<meta http-equiv=refresh content=\"0;url={}\">", "<area href=\"{}\">", "<body background=\"{}\">",
    ]
    for carrier in carriers:
        yield from (carrier.format(scheme) for scheme in schemes)
    styles = [f"background:url({CANARY})", f"background:u\\72 l({CANARY})", f"background-image:image-set('{CANARY}' 1x)", f"width:expression({RUN})", f"behavior:url({CANARY})", f"-moz-binding:url({CANARY})", f"list-style:url('{CANARY}')", f"cursor:url({CANARY}),auto", f"content:url({CANARY})", "position:fixed;inset:0;z-index:9999"]
    for style in styles:
        yield f'<div style="{style}">x</div>'
        yield f"<style>*{{{style}}}</style>"
        yield f"<svg><style>*{{{style}}}</style></svg>"
        yield f"<font style='x:y;/*'*/{style}'>x</font>"
    # What a second reading of the text would turn into a tag.
    wraps = [
        "<svg></p><style><a id='</style>{}'>", "<noscript><p title='</noscript>{}'>", "<math><mtext><table><mglyph><style><!--</style>{}", "<textarea><a title='</textarea>{}'>", "<title><a title='</title>{}'>", "<!--{}-->", "<!-->{}-->", "<![CDATA[{}]]>",
        "<xmp><p title='</xmp>{}'>", "<select><option>{}</select>", "<table>{}<tr><td>x</table>", "<template>{}</template>", "<form><math><mtext></form><form><mglyph><style></math>{}", "<iframe srcdoc='{}'></iframe>", "<svg><desc>{}</desc></svg>", "<svg><title>{}</title></svg>",
        "<annotation-xml encoding='text/html'>{}</annotation-xml>", "<p title='{}'>x</p>", "<frameset>{}</frameset>", "<a><table><a>{}</a></table></a>", "<noembed>{}</noembed>", "<plaintext>{}",
    ]
    cores = [f"<img src=x onerror={RUN}>", f"<script>{RUN}</script>", f"<svg/onload={RUN}>", f"<img src={CANARY}>", f"<iframe src=javascript:{RUN}>", f"<object data={CANARY}>"]
    for wrap in wraps:
        for core in cores:
            yield wrap.format(core)
            if core == cores[0]:
                yield wrap.format(html.escape(core))


def attack(number, payload, sender, mailbox, label):
    message = EmailMessage()
    one_line = " ".join(payload.split())
    message["From"] = f'"{one_line[:120].replace(chr(92), "").replace(chr(34), chr(39))}" <{sender}>'
    message["To"] = mailbox
    message["Subject"] = f"{label}{number} {one_line[:150]}"
    message["Message-ID"] = f"<attack.{number}.{abs(hash(payload))}@client.example>"
    message.set_content(f"Phone: +1 575 555 0142\nProject: {one_line}\nSite: {one_line}\nEnvironment: x\nUrgency: 2\n\n{payload}\n")
    message.add_alternative(f"<html><body><p>Attack {number}</p>{payload}</body></html>", subtype="html", charset="utf-7" if payload.startswith("+ADw") else "utf-8")
    message.add_attachment(f"<svg xmlns='http://www.w3.org/2000/svg'><script>{RUN}</script></svg>".encode(), maintype="image", subtype="svg+xml", filename=f"{one_line[:60]}.svg")
    return message


def test_S1_S2_attack_mails_run_nothing_and_call_nobody(desk, people):
    """Each by three roles; in the drill hundreds more, and by seven."""
    payloads, roles = list(PAYLOADS), ["agent", "administrator", "primaryContact"]
    if LONG:
        payloads += dict.fromkeys(families())
        roles += ["serviceManager", "departmentLead", "management", "client"]
    assert len(payloads) >= (550 if LONG else 50)
    for start in range(0, len(payloads), 100):
        open_everywhere(desk, people, payloads[start : start + 100], roles, label=f"Attack {start // 100}.")


def open_everywhere(desk, people, payloads, roles, label="Attack "):
    client = desk.account("client")
    with smtplib.SMTP(*desk.smtp) as connection:
        for number, payload in enumerate(payloads):
            # Half come from somebody known, half from strangers.
            sender = client["email"] if number % 2 == 0 else f"x{number}@evil.example"
            connection.send_message(attack(number, payload, sender, desk.mailbox, label), sender, [desk.mailbox])
    api = desk.api("agent")

    def arrived():
        items = api.get("/tickets", params={"limit": 200, "sort": "-logged"})["items"]
        mine = [ticket for ticket in items if ticket["subject"].startswith(label)]
        return mine if len(mine) >= len(payloads) else None

    tickets = eventually("every attack is a ticket", arrived, 30)
    assert len(tickets) == len(payloads)
    for role in roles:
        page = people(desk, desk.account(role))
        foreign, dialogs = [], []
        page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        page.on("request", lambda request: foreign.append(request.url) if not request.url.startswith((desk.http, "data:", "about:", "blob:")) else None)
        paths = {"agent": ["/tickets", "/tickets?view=unassigned", "/outbox", "/mail", "/strangers"], "administrator": ["/outbox", "/mail"], "primaryContact": ["/portal"], "client": ["/portal"]}.get(role, ["/tickets"])
        if role == "agent":
            for ticket in tickets:
                paths.append(f"/tickets/{ticket['ref']}")
                paths += [f"/tickets/{ticket['ref']}/messages/{message['id']}/html" for message in api.get(f"/tickets/{ticket['ref']}/messages")["items"] if message.get("html")]
        if role == "administrator":
            page.goto("/outbox")
            paths += page.eval_on_selector_all("[data-part=outbox] tbody a", "links => links.map(link => new URL(link.href).pathname).filter(path => path.startsWith('/outbox/')).slice(0, 10)")
        if role in ("primaryContact", "client"):
            paths += [f"/portal/tickets/{ticket['ref']}" for ticket in tickets if ticket["client"]]
        for path in paths:
            answer = page.goto(path)
            assert answer.ok, (role, path, answer.status)
            for frame in page.frames:
                assert not frame.evaluate("window.pwned"), (role, path)
            assert page.locator("img[src^='http'], script:not([src]), [onerror], [onload]").count() == 0, (role, path)
        assert not dialogs and not foreign, (role, dialogs, foreign)
