"""Far more calls and mails at once than threads could make: one loop, thousands of connections."""

import asyncio
import json
import resource
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor


class Storm:
    """Callers and mail servers that hand in the next as soon as the last was taken, and come again half a second after they were put off."""

    def __init__(self, desk, token, sender, mailbox, name, calls, mails):
        self.desk, self.token, self.sender, self.mailbox, self.name, self.calls, self.mails = desk, token, sender, mailbox, name, calls, mails
        self.statuses, self.acknowledged = Counter(), set()
        # Seconds until the answer.
        self.accepted, self.refused = [], []
        # Answers that put off and do not say until when.
        self.untold = 0

    def run(self, seconds):
        most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        # In a thread of its own: a browser's driver may hold a loop in this one.
        with ThreadPoolExecutor(1) as alone:
            alone.submit(asyncio.run, self._all(seconds)).result()
        return self

    async def _all(self, seconds):
        tasks = [asyncio.create_task(self._caller(number)) for number in range(self.calls)] + [asyncio.create_task(self._mailer(number)) for number in range(self.mails)]
        await asyncio.sleep(seconds)
        for task in tasks:
            task.cancel()
        for fault in await asyncio.gather(*tasks, return_exceptions=True):
            if not isinstance(fault, asyncio.CancelledError):
                raise fault

    def _took(self, subject, status, started):
        self.statuses[status] += 1
        took = time.monotonic() - started
        if status in ("201", "250"):
            self.acknowledged.add(subject)
            self.accepted.append(took)
            return True
        self.refused.append(took)
        return False

    async def _caller(self, number):
        host, port = self.desk.http.removeprefix("http://").split(":")
        reader, writer = await self._connected(host, int(port))
        count = 0
        while True:
            subject = f"{self.name} call {number}-{count}"
            body = json.dumps({"subject": subject, "description": "x", "urgency": 3})
            while True:
                started = time.monotonic()
                writer.write(
                    f"POST /api/v1/tickets HTTP/1.1\r\nHost: {host}:{port}\r\nAuthorization: Bearer {self.token}\r\nIdempotency-Key: {subject.replace(' ', '-')}\r\n"
                    f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())
                head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
                await reader.readexactly(int(head.split("content-length: ")[1].split("\r\n")[0]))
                if self._took(subject, head[9:12], started):
                    break
                self.untold += "retry-after: " not in head
                await asyncio.sleep(0.5)
            count += 1

    async def _mailer(self, number):
        reader, writer = await self._connected(*self.desk.smtp)

        async def say(text):
            writer.write(text.encode() + b"\r\n")
            line = await reader.readline()
            while line[3:4] == b"-":
                line = await reader.readline()
            return line[:3].decode()

        await reader.readline()
        await say("EHLO storm.example")
        count = 0
        while True:
            subject = f"{self.name} mail {number}-{count}"
            message = (
                f"From: <{self.sender}>\r\nTo: <{self.mailbox}>\r\nSubject: {subject}\r\nMessage-ID: <{subject.replace(' ', '.')}@storm.example>\r\n\r\nEmpty.\r\n.")
            while True:
                started = time.monotonic()
                await say(f"MAIL FROM:<{self.sender}>")
                await say(f"RCPT TO:<{self.mailbox}>")
                await say("DATA")
                if self._took(subject, await say(message), started):
                    break
                await asyncio.sleep(0.5)
            count += 1

    @staticmethod
    async def _connected(host, port):
        # A door with a short queue before it: come again.
        while True:
            try:
                return await asyncio.open_connection(host, port)
            except OSError:
                await asyncio.sleep(0.2)
