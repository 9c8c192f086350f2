"""Tries a client with the table of what HTTP servers do: CLIENT ADDRESS [ROW...].

CLIENT is `curl`, `http.client`, `requests` or `sfml`. The table comes as standard input, each row as a line of JSON.
Prints each row's name and the verdict, separated by a tab: `right`, `-` where the client cannot do what the row asks
for, or what is wrong.
"""

import http.client
import json
import multiprocessing
import resource
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

# In seconds: how long a client waits for a socket, and how long a row may take.
WAIT = 2.0
WAIT_WHERE_IT_HAS_TO = 0.5
LIMIT = 10.0

LARGEST_BODY = 16 << 20
MEMORY = 2 << 30


class ImpossibleError(Exception):
    """The client has no way to do this."""


class TooLargeError(Exception):
    """The body is larger than the client is to take."""


class HttpClient:
    """The standard library's, with one connection as long as it lasts."""

    def __init__(self, address, row, wait):
        if row["follows"] or row["decodes"]:
            raise ImpossibleError
        self.connection = http.client.HTTPConnection(address, timeout=wait)
        self.path = "/" + row["name"]

    def ask(self, method, fields, body):
        try:
            self.connection.request(method, self.path, body, fields)
            answer = self.connection.getresponse()
            content = limited(answer.read)
        except BaseException:
            self.connection.close()
            raise
        return answer.status, answer.reason, answer.getheaders(), content


class Requests:
    """The client of most programs."""

    def __init__(self, address, row, wait):
        import requests

        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers["Accept-Encoding"] = "gzip, br" if row["decodes"] else "identity"
        self.url = f"http://{address}/{row['name']}"
        self.options = {"timeout": wait, "allow_redirects": row["follows"], "stream": True}

    def ask(self, method, fields, body):
        with self.session.request(method, self.url, headers=fields, data=body, **self.options) as answer:
            content = bytearray()
            for piece in answer.iter_content(1 << 16):
                content += piece
                if len(content) > LARGEST_BODY:
                    raise TooLargeError
            return answer.status_code, answer.reason, list(answer.raw.headers.items()), bytes(content)


class Curl:
    """The program, which opens a connection for each call."""

    def __init__(self, address, row, wait):
        self.folder = tempfile.TemporaryDirectory()
        self.command = ["curl", "--silent", "--show-error", "--noproxy", "*", "--max-time", str(wait)]
        self.command += ["--dump-header", "head", "--output", "body", "--max-filesize", str(LARGEST_BODY)]
        self.command += ["--location", "--max-redirs", "10"] if row["follows"] else []
        self.command += ["--compressed"] if row["decodes"] else []
        self.command += [f"http://{address}/{row['name']}"]

    def ask(self, method, fields, body):
        folder = Path(self.folder.name)
        options = [option for name, value in fields.items() for option in ("--header", f"{name}: {value}")]
        if body is not None:
            (folder / "upload").write_bytes(body)
            options += ["--data-binary", "@upload"]
        if method == "HEAD":
            options += ["--head"]
        elif method != ("GET" if body is None else "POST"):
            options += ["--request", method]
        for name in ("head", "body"):
            (folder / name).write_bytes(b"")
        done = subprocess.run([*self.command, *options], cwd=folder, capture_output=True, check=False)
        if done.returncode != 0:
            told = done.stderr.decode(errors="replace").strip()
            raise TimeoutError(told) if done.returncode == 28 else ConnectionError(told)
        # Behind the heads of redirects and interim answers, and before the trailers; folded lines joined.
        text = (folder / "head").read_bytes().decode("latin-1").replace("\r\n", "\n")
        heads = [block for block in text.split("\n\n") if block.upper().startswith("HTTP/")]
        first, *lines = heads[-1].replace("\n ", " ").replace("\n\t", " ").split("\n")
        _, status, reason = (*first.split(" ", 2), "")[:3]
        pairs = [(name, value.strip(" \t")) for name, _, value in (line.partition(":") for line in lines)]
        content = b"" if method == "HEAD" else (folder / "body").read_bytes()
        return int(status), reason, pairs, content


class Sfml:
    """The one of SFML, which ends the connection behind each answer."""

    def __init__(self, address, row, wait):
        from sfml import network

        if row["follows"] or row["decodes"]:
            raise ImpossibleError
        self.network = network
        host, port = address.rsplit(":", 1)
        self.http = network.Http(host.encode(), int(port))
        self.path = "/" + row["name"]

    def ask(self, method, fields, body):
        methods = self.network.HttpRequest
        if not hasattr(methods, method):
            raise ImpossibleError
        request = methods(self.path.encode(), getattr(methods, method), body or b"")
        request.set_http_version(1, 1)
        for name, value in fields.items():
            request.set_field(name.encode(), value.encode())
        answer = self.http.send_request(request)
        if answer.status in (1000, 1001):
            raise ConnectionError(f"status {answer.status}")
        return answer.status, None, answer, answer.body


CLIENTS = {"curl": Curl, "http.client": HttpClient, "requests": Requests, "sfml": Sfml}


def limited(read):
    content = read(LARGEST_BODY + 1)
    if len(content) > LARGEST_BODY:
        raise TooLargeError
    # What is missing at the end is told by the next call only.
    return content + read()


def accepts(expect, outcome):
    """Whether an outcome, a failure or what an answer consists of, is right."""
    if "one_of" in expect:
        return any(accepts(choice, outcome) for choice in expect["one_of"])
    if "fails" in expect:
        waited = isinstance(outcome, Exception) and is_timeout(outcome)
        return isinstance(outcome, Exception) and (not waited or "timed_out" in expect["fails"])
    if isinstance(outcome, Exception):
        return False
    status, reason, fields, body = outcome
    answer = expect["answer"]
    if status != answer["status"]:
        return False
    if answer["reason"] is not None and reason is not None and as_bytes(reason) != as_bytes(answer["reason"]):
        return False
    for name, values in answer["fields"].items():
        if values_of(fields, name) != [as_bytes(value) for value in values]:
            return False
    return has_body(answer["body"], body)


def values_of(fields, name):
    if isinstance(fields, list):
        return [as_bytes(value) for found, value in fields if found.lower() == name.lower()]
    value = fields.get_field(name.encode())
    return [value] if value else []


def has_body(wanted, body):
    if wanted is None:
        return True
    ((kind, value),) = wanted.items()
    if kind == "is":
        return body == as_bytes(value)
    if kind == "repeats":
        return body == as_bytes(value[0]) * value[1]
    if kind == "has":
        return as_bytes(value).lower() in body.lower()
    return not any(as_bytes(part).lower() in body.lower() for part in value)


def as_bytes(text):
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode()


def is_timeout(error):
    return isinstance(error, TimeoutError) or "imed out" in str(error)


def control(address, word, name):
    """Asks the server itself, past the client."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"http://{address}/{word}/{name}", timeout=LIMIT) as answer:
        return answer.read().decode()


def try_row(client, address, row):
    """The verdict on one row."""
    control(address, "reset", row["name"])
    session = CLIENTS[client](address, row, WAIT_WHERE_IT_HAS_TO if row["waits"] else WAIT)
    for number, call in enumerate(row["calls"]):
        if call["opens_gate"] and control(address, "gate", row["name"]) != "true":
            return f"call {number}: the script did not come to its gate"
        body = None if call["body"] is None else call["body"][0].encode("latin-1") * call["body"][1]
        try:
            outcome = session.ask(call["method"], dict(call["fields"]), body)
        except ImpossibleError:
            raise
        except Exception as error:
            outcome = error
        if not accepts(call["expect"], outcome):
            return f"call {number}: {told(outcome)}"
    requests = int(control(address, "requests", row["name"]))
    if row["most_requests"] is not None and requests > row["most_requests"]:
        return f"{requests} requests"
    return "right"


def told(outcome):
    if isinstance(outcome, Exception):
        return f"{type(outcome).__name__}: {outcome}"[:100].replace("\n", " ").replace("\t", " ")
    return f"{outcome[0]} {outcome[1]!r} with {len(outcome[3])} bytes {outcome[3][:40]!r}"


def run(pipe, client, address, row):
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    try:
        verdict = try_row(client, address, row)
    except ImpossibleError:
        verdict = "-"
    except MemoryError:
        verdict = "takes all memory"
    pipe.send(verdict)


def main():
    client, address, *names = sys.argv[1:]
    context = multiprocessing.get_context("fork")
    for row in map(json.loads, sys.stdin):
        if names and row["name"] not in names:
            continue
        here, there = context.Pipe()
        process = context.Process(target=run, args=(there, client, address, row))
        process.start()
        there.close()
        try:
            verdict = here.recv() if here.poll(LIMIT) else "hangs"
        except EOFError:
            verdict = "dies"
        process.kill()
        process.join()
        print(row["name"], verdict, sep="\t", flush=True)


main()
