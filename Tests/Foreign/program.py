"""The built program, in a folder of its own with a configuration whose target is a SCIM service."""

import asyncio
import json
import os
import pathlib
from dataclasses import dataclass

CONFIGURATION = """\
team: acme
target:
  scim: {url}
  token: {{ env: POPL_SCIM_TOKEN }}
{more}source:
  name: hr
  users: {exports}/users.json
  groups: {exports}/groups.json
groups: on
"""


@dataclass
class Run:
    exit: int
    output: str
    errors: str

    @property
    def document(self):
        return json.loads(self.output)

    @property
    def changes(self):
        return self.document.get("changes", [])

    def __str__(self):
        return f"exit {self.exit}\n{self.output[-3000:]}\n{self.errors[-3000:]}"


class Job:
    """One team's nightly job. `kill` ends what runs at once, as a power cut does."""

    def __init__(self, program, folder, place, url=None, more=""):
        self.program, self.folder, self.place = program, pathlib.Path(folder), place
        self.url, self.more = url or place.url, more
        self.folder.mkdir(parents=True, exist_ok=True)
        self.process = None

    def exports(self, folder):
        """From now on these."""
        text = CONFIGURATION.format(url=self.url, more=self.more, exports=folder)
        (self.folder / "popl-sync.yaml").write_text(text)

    async def run(self, *arguments, seconds=300):
        environment = {"PATH": os.environ["PATH"], "POPL_SCIM_TOKEN": self.place.token, "SWIFT_BACKTRACE": "enable=no"}
        self.process = await asyncio.create_subprocess_exec(
            self.program, *map(str, arguments), cwd=self.folder, env=environment, stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE)
        try:
            async with asyncio.timeout(seconds):
                output, errors = await self.process.communicate()
        except TimeoutError:
            self.process.kill()
            await self.process.wait()
            return Run(-1, "", f"{' '.join(map(str, arguments))} did not end within {seconds} s")
        return Run(self.process.returncode, output.decode(errors="replace"), errors.decode(errors="replace"))

    def kill(self):
        if self.process.returncode is None:
            self.process.kill()
