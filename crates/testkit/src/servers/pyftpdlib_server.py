"""Serves a folder until it is killed: ADDRESS PORT FOLDER USER PASSWORD."""

import sys

from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.handlers import FTPHandler
from pyftpdlib.servers import FTPServer

address, port, folder, user, password = sys.argv[1:]
authorizer = DummyAuthorizer()
authorizer.add_user(user, password, folder, perm="elradfmwMT")
FTPHandler.authorizer = authorizer
# Names that are no UTF-8 can be used, instead of only shown with question marks.
FTPHandler.unicode_errors = "surrogateescape"
FTPServer((address, int(port)), FTPHandler).serve_forever()
