"""papermill for notebooks of this kernel, with all options of its own:

    .venv/bin/python lib/kernel/papermill_run.py --cwd notebooks \\
        notebooks/tour.ipynb outputs/tour.ipynb -p randomSeed 8

papermill writes parameters in the notebook's language, and knows no TypeScript.
"""

import json

from papermill.__main__ import papermill
from papermill.translators import Translator, papermill_translators

CODE = """{
  const given = VALUES;
  const unknown = Object.keys(given).find((name) => !(name in parameters));
  if (unknown) {
    const names = Object.keys(parameters).join(", ");
    throw new RangeError(`Cannot set ${unknown}: the parameters are ${names}.`);
  }
  Object.assign(parameters, given);
}
"""


class TypeScriptTranslator(Translator):
    """Sets fields of `parameters`; a name that it does not have is an error."""

    @classmethod
    def codify(cls, parameters, comment="Parameters"):
        values = json.dumps(parameters, indent=2, ensure_ascii=False)
        return f"// {comment}\n{CODE.replace('VALUES', values)}"


papermill_translators.register("typescript", TypeScriptTranslator)

if __name__ == "__main__":
    papermill()
