"""Questions that code asks the user, with `prompt()` for instance."""

import json


class Prompts:
    """Passes questions to the front end that sent the cell, and answers to Deno."""

    def __init__(self, wires, cells):
        self._wires = wires
        self._cells = cells
        self._question = None

    @property
    def open(self):
        """The question that waits for an answer, as front ends get it, or None."""
        if not self._question:
            return None
        return {
            "header": self._question.header,
            "parent_header": json.loads(self._question.frames[2]),
            "content": self._question.content,
        }

    async def pass_questions(self):
        """Passes questions on, for ever."""
        while True:
            self._question = await self._wires.receive(self._wires.back["stdin"])
            await self._wires.send(
                self._wires.front["stdin"], self._cells.last_requester, self._question
            )

    async def pass_answers(self):
        """Passes answers on, for ever."""
        while True:
            answer = await self._wires.receive(self._wires.front["stdin"])
            # Deno would take a late answer for the answer to its next question.
            if self._question and answer.type == "input_reply":
                self._question = None
                await self._wires.send(self._wires.back["stdin"], [], answer)

    async def cancel(self):
        """Answers the open question, if there is one, with nothing."""
        if self._question:
            content = {"status": "ok", "value": None}
            nothing = self._wires.compose("input_reply", content, self._question)
            self._question = None
            await self._wires.send(self._wires.back["stdin"], [], nothing)
