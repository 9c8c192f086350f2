"""Python's own client, used as its documentation shows: get|put|mget|list ADDRESS PORT USER PASSWORD REMOTE LOCAL."""

import ftplib
import os
import sys

verb, address, port, user, password, remote, local = sys.argv[1:]


def fetch(ftp: ftplib.FTP, name: str, path: str) -> None:
    with open(path, "wb") as file:
        ftp.retrbinary(f"RETR {name}", file.write)


with ftplib.FTP() as ftp:
    ftp.connect(address, int(port))
    ftp.login(user, password)
    if verb == "get":
        fetch(ftp, remote, local)
    elif verb == "put":
        with open(local, "rb") as file:
            ftp.storbinary(f"STOR {remote}", file)
    elif verb == "mget":
        ftp.cwd(remote)
        for name in ftp.nlst():
            fetch(ftp, name, os.path.join(local, name))
    else:
        lines: list[str] = []
        ftp.retrlines(f"LIST {remote}", lines.append)
