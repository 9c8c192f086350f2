"""Takes steps with ftplib, and prints how each ends.

Arguments: the address, the port, the timeout in seconds, and the steps. A step is an operation and its arguments, in
hexadecimal digits and separated by blanks; `00*9` are nine of the same byte. What is printed are lines that
`Outcome` of testkit reads.
"""

import ftplib
import io
import os
import sys

ADDRESS, PORT, TIMEOUT, *STEPS = sys.argv[1:]
# Names as they are: with the default, UTF-8, others are an error.
ftp = ftplib.FTP(timeout=float(TIMEOUT), encoding="latin-1")


class Impossible(Exception):
    """There is nothing in ftplib that does this."""


def content(name, rest=None):
    data = io.BytesIO()
    ftp.retrbinary("RETR " + name, data.write, rest=rest)
    return data.getvalue()


def login(account=""):
    ftp.connect(ADDRESS, int(PORT))
    ftp.login(acct=account)


def abort(name):
    connection = ftp.transfercmd("RETR " + name)
    data = connection.recv(1)
    # In this order more servers answer at once.
    connection.close()
    ftp.abort()
    # ABOR has two replies.
    ftp.voidresp()
    raise ftplib.Error(f"aborted after {len(data)} byte")


def entries(folder):
    try:
        found = list(ftp.mlsd(folder))
    except ftplib.error_perm as error:
        # LIST gives lines, which are left to the caller.
        raise Impossible from error
    own = ("cdir", "pdir")
    return [name for name, facts in found if name not in (".", "..") and facts.get("type") not in own]


def take(operation, texts, data):
    match operation:
        case "Login":
            login()
        case "LoginWithAccount":
            login(*texts)
        case "Get":
            return "content", content(*texts).hex()
        case "GetActive":
            ftp.set_pasv(False)
            return "content", content(*texts).hex()
        case "Resume":
            return "content", (data + content(texts[0], len(data))).hex()
        case "Abort":
            abort(*texts)
        case "Put":
            ftp.storbinary("STOR " + texts[0], io.BytesIO(data))
        case "Append":
            ftp.storbinary("APPE " + texts[0], io.BytesIO(data))
        case "List":
            return "names", *map(hexadecimal, ftp.nlst(*filter(None, texts)))
        case "Entries":
            return "names", *map(hexadecimal, entries(*texts))
        case "Pwd":
            return "directory", hexadecimal(ftp.pwd())
        case "Cwd" | "Mkd" | "Rmd" | "Delete" | "Rename":
            getattr(ftp, operation.lower())(*texts)
        case "Cdup":
            ftp.cwd("..")
        case "Size":
            ftp.voidcmd("TYPE I")
            size = ftp.size(*texts)
            if size is None:
                raise ftplib.Error("no size")
            return "size", str(size)
        case "Noop":
            ftp.voidcmd("NOOP")
        case "Quit":
            ftp.quit()
        case _:
            raise Impossible
    return ("done",)


def hexadecimal(text):
    return text.encode("latin-1").hex()


def unhexed(word):
    digits, _, count = word.partition("*")
    return bytes.fromhex(digits) * int(count or 1)


for step in STEPS:
    operation, *words = step.split(" ")
    arguments = [unhexed(word) for word in words]
    texts = [argument.decode("latin-1") for argument in arguments if len(argument) < 10000]
    try:
        outcome = take(operation, texts, arguments[-1] if arguments else b"")
    except Impossible:
        outcome = ("impossible",)
    except Exception as error:
        code = str(error)[:3]
        outcome = ("failed", code if code.isdigit() else "-", " ".join(repr(error).split()))
    print(*outcome, flush=True)
# Without waiting for connections to close.
os._exit(0)
