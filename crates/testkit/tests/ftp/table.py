"""Takes the steps of each behaviour with ftplib, and says how they end.

A line of the input is a row: its name, the port, and the steps, separated by tabs; a step is a list of words, the
operation and its arguments, then `=` and what is expected. Arguments are hexadecimal. A line of the output is the
name, a tab, and `right` or what went wrong.
"""

import ftplib
import io
import os
import sys
import threading

PATIENCE = float(sys.argv[1])


def content(ftp, name, rest=None):
    data = io.BytesIO()
    ftp.retrbinary("RETR " + name, data.write, rest=rest)
    return data.getvalue()


def take(ftp, operation, arguments):
    text = [argument.decode("latin-1") for argument in arguments]
    match operation:
        case "Login":
            return ftp.login()
        case "LoginWithAccount":
            return ftp.login(acct=text[0])
        case "Get":
            return content(ftp, text[0])
        case "GetActive":
            ftp.set_pasv(False)
            return content(ftp, text[0])
        case "Resume":
            return arguments[1] + content(ftp, text[0], len(arguments[1]))
        case "Abort":
            connection = ftp.transfercmd("RETR " + text[0])
            connection.recv(1)
            ftp.abort()
            connection.close()
            ftp.voidresp()
            raise ftplib.Error("aborted")
        case "Put":
            return ftp.storbinary("STOR " + text[0], io.BytesIO(arguments[1]))
        case "Append":
            return ftp.storbinary("APPE " + text[0], io.BytesIO(arguments[1]))
        case "List":
            return sorted(name.encode("latin-1") for name in ftp.nlst(*filter(None, text)))
        case "Entries":
            own = ("cdir", "pdir")
            entries = ftp.mlsd(text[0])
            return sorted(name.encode("latin-1") for name, facts in entries if facts.get("type") not in own)
        case "Pwd":
            return ftp.pwd().encode("latin-1")
        case "Cdup":
            return ftp.cwd("..")
        case "Size":
            ftp.voidcmd("TYPE I")
            return ftp.size(text[0])
        case "Modified":
            return ftp.sendcmd("MDTM " + text[0])[4:18]
        case "Feat":
            return sorted(line.strip().upper().encode() for line in ftp.sendcmd("FEAT").splitlines()[1:-1])
        case "Noop":
            return ftp.voidcmd("NOOP")
    return getattr(ftp, operation.lower())(*text)


def judge(expected, outcome):
    kind, *arguments = expected
    value, code = outcome
    match kind:
        case "Error":
            return isinstance(value, Exception)
        case "Refused":
            return isinstance(value, Exception) and code == arguments[0].decode()
        case "Perhaps":
            return isinstance(value, Exception) or judge(arguments, outcome)
        case "Done" | "Stored":
            return not isinstance(value, Exception)
        case "Content" | "Directory":
            return value == arguments[0]
        case "Size":
            return value == int(arguments[0])
        case "Modified":
            return value == arguments[0].decode()
        case "Names":
            return value == sorted(arguments)


def run(name, port, steps, verdicts):
    ftp = ftplib.FTP(timeout=PATIENCE, encoding="latin-1")
    logs_in = steps[0].startswith("Login")
    if not logs_in:
        steps = ["Login = Done", *steps]
    try:
        for number, step in enumerate(steps):
            action, expected = step.split(" = ")
            operation, *arguments = action.split(" ")
            kind, *rest = expected.split(" ")
            unhexed = [bytes.fromhex(argument) for argument in arguments]
            try:
                if number == 0:
                    ftp.connect("127.0.0.1", port)
                value, code = take(ftp, operation, unhexed), None
            except Exception as error:
                value, code = error, str(error)[:3]
            inner = rest[:1] if kind == "Perhaps" else []
            wanted = [kind, *inner, *(bytes.fromhex(argument) for argument in rest[len(inner) :])]
            if not judge(wanted, (value, code)):
                verdicts[name] = f"{operation} gave {value!r}"[:200]
                return
        verdicts[name] = "right"
    except Exception as error:
        verdicts[name] = f"not tried: {error!r}"
    finally:
        ftp.close()


rows = [line.rstrip("\n").split("\t") for line in sys.stdin]
verdicts = {}
threads = []
for name, port, *steps in rows:
    thread = threading.Thread(target=run, args=(name, int(port), steps, verdicts), daemon=True)
    thread.start()
    threads.append((name, thread))
for name, thread in threads:
    thread.join(4 * PATIENCE)
    print(name, verdicts.get(name, "does not end"), sep="\t", flush=True)
os._exit(0)
