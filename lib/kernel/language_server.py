"""A connection to `deno lsp`, the language server that comes with Deno.

It speaks the Language Server Protocol: JSON-RPC messages over stdin and stdout.
"""

import asyncio
import contextlib
import json
import os

# Answers what is asked and does nothing by itself. Reading the project's files ahead
# takes 200 MB and two seconds, and looking for import suggestions uses the network.
SETTINGS = {
    "enable": True,
    "lint": False,
    "documentPreloadLimit": 0,
    "suggest": {"imports": {"autoDiscover": False}},
    "typescript": {"suggest": {"autoImports": False}},
}
# It needs less than 500 at once, and without a limit takes over 1000 in time.
HEAP_MEGABYTES = 800
CAPABILITIES = {
    # Without it the server does not read deno.json.
    "workspace": {},
    "textDocument": {
        # The client asks for diagnostics, so the server computes none unasked.
        "diagnostic": {},
        "completion": {},
        "hover": {"contentFormat": ["markdown"]},
        "signatureHelp": {
            "signatureInformation": {"documentationFormat": ["markdown"]}
        },
    }
}


class LanguageServer:
    """A running language server with one open document."""

    def __init__(self, process, document):
        self._process = process
        self._document = document
        self._version = 0
        self._numbers = 0
        self._answers = {}  # number of a request -> future of its result
        self.running = True
        self._reading = asyncio.create_task(self._read())

    @classmethod
    async def start(cls, deno, folder, document):
        """Starts the server.

        folder: The folder of deno.json, a Path.
        document: A Path in it for the document. The server writes no file.
        """
        process = await asyncio.create_subprocess_exec(
            *(deno, "lsp"),
            cwd=folder,
            env={
                **os.environ,
                "DENO_NO_UPDATE_CHECK": "1",
                "DENO_V8_FLAGS": f"--max-old-space-size={HEAP_MEGABYTES}",
            },
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            # Ctrl-C in the terminal is not meant for it.
            start_new_session=True,
        )
        server = cls(process, document.as_uri())
        options = {
            "processId": os.getpid(),
            "rootUri": folder.as_uri(),
            "workspaceFolders": [{"uri": folder.as_uri(), "name": folder.name}],
            "capabilities": CAPABILITIES,
            "initializationOptions": SETTINGS,
        }
        await server._ask("initialize", options)
        server._tell("initialized", {})
        return server

    async def ask_about(self, text, line, character, what):
        """Asks about a place in the document, after replacing its text.

        character: Offset in the line, in units of UTF-16.
        what: "completion", "hover" or "signatureHelp".

        Returns the result that the protocol defines, or None.
        Raises ConnectionError if the server ends.
        """
        document = {"uri": self._document}
        self._version += 1
        if self._version == 1:
            opened = {**document, "languageId": "typescript", "version": 1}
            self._tell("textDocument/didOpen", {"textDocument": {**opened, "text": text}})
        else:
            versioned = {**document, "version": self._version}
            changes = {"textDocument": versioned, "contentChanges": [{"text": text}]}
            self._tell("textDocument/didChange", changes)
        position = {"line": line, "character": character}
        place = {"textDocument": document, "position": position}
        return await self._ask(f"textDocument/{what}", place)

    def close(self):
        self._reading.cancel()
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()

    async def _ask(self, method, params):
        if not self.running:
            raise ConnectionError("The language server has ended.")
        self._numbers += 1
        answer = asyncio.get_running_loop().create_future()
        self._answers[self._numbers] = answer
        self._send({"id": self._numbers, "method": method, "params": params})
        return await answer

    def _tell(self, method, params):
        self._send({"method": method, "params": params})

    def _send(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))

    async def _read(self):
        """Reads messages until the server ends."""
        output = self._process.stdout
        try:
            while True:
                head = await output.readuntil(b"\r\n\r\n")
                lengths = [
                    int(line.partition(b":")[2])
                    for line in head.lower().splitlines()
                    if line.startswith(b"content-length:")
                ]
                self._receive(json.loads(await output.readexactly(lengths[0])))
        except asyncio.IncompleteReadError:
            pass
        finally:
            self.running = False
            for answer in self._answers.values():
                if not answer.done():
                    answer.set_exception(
                        ConnectionError("The language server has ended.")
                    )
            await self._process.wait()

    def _receive(self, message):
        if "method" not in message:
            answer = self._answers.pop(message["id"])
            # A request that failed has an error in place of a result.
            if not answer.done():
                answer.set_result(message.get("result"))
        elif "id" in message:
            self._send({"id": message["id"], "result": None})
