#!/usr/bin/env bash
# musicxml-io 0.9.6 makes an invalid score of a valid one: it writes a note's
# <instrument> last, after <notehead>, and calls the result valid.
#
# The MusicXML 4.0 schema has the children of <note> in one order: <instrument>
# stands right after <duration> and <tie>, before <voice>. `parse` then `serialize`
# moves it to the end. The schema refuses what comes out; `validate` of the same
# library finds no error in it, for it looks at the music and not at the order.
#
# Why it matters: in a drum part <instrument> says which drum a note is, so every
# drum part with it is affected, and a program that reads by the schema rejects the
# file. Whoever tests a writer with the reader of the same library never sees it.
#
# Expected: schema-valid in, schema-valid out. Seen: <instrument> after <notehead>.
# Exits 0 while it is as stated, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund musicxml-io@0.9.6
python3 -m venv venv
# The package "musicxml" has the published schema in it.
venv/bin/pip install --quiet --disable-pip-version-check lxml==6.0.2 musicxml==1.6.3
cat >in.musicxml <<'XML'
<?xml version="1.0" encoding="UTF-8"?>
<score-partwise version="4.0">
  <part-list>
    <score-part id="P1">
      <part-name>Drums</part-name>
      <score-instrument id="P1-I43"><instrument-name>Hi-hat</instrument-name></score-instrument>
    </score-part>
  </part-list>
  <part id="P1">
    <measure number="1">
      <attributes>
        <divisions>1</divisions>
        <time><beats>1</beats><beat-type>4</beat-type></time>
        <clef><sign>percussion</sign></clef>
      </attributes>
      <note>
        <unpitched><display-step>G</display-step><display-octave>5</display-octave></unpitched>
        <duration>1</duration>
        <instrument id="P1-I43"/>
        <voice>1</voice>
        <type>quarter</type>
        <stem>up</stem>
        <notehead>x</notehead>
      </note>
    </measure>
  </part>
</score-partwise>
XML
cat >again.mjs <<'JS'
import { readFileSync, writeFileSync } from "node:fs";
import { parse, serialize, validate } from "musicxml-io";

const score = parse(readFileSync("in.musicxml", "utf8"));
writeFileSync("out.musicxml", serialize(score));
console.log("validate() of musicxml-io 0.9.6:", validate(score));
process.exitCode = validate(score).valid ? 0 : 1;
JS
node again.mjs
venv/bin/python - <<'PYTHON'
import pathlib
import sys
from importlib.metadata import version

import musicxml
from lxml import etree

ATTRIBUTES = {
    "/xml.xsd": ("http://www.w3.org/XML/1998/namespace", "lang space"),
    "/xlink.xsd": ("http://www.w3.org/1999/xlink", "type href role title show actuate"),
}


class Imported(etree.Resolver):
    """Gives the two schemas of attributes that the published one imports."""

    def resolve(self, url, public_id, context):
        for file, (namespace, names) in ATTRIBUTES.items():
            if url.endswith(file):
                attributes = "".join(f'<xs:attribute name="{name}"/>' for name in names.split())
                return self.resolve_string(
                    f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="{namespace}">{attributes}</xs:schema>',
                    context,
                )
        return None


parser = etree.XMLParser()
parser.resolvers.add(Imported())
folder = pathlib.Path(musicxml.__file__).parent / "generate_classes"
schema = etree.XMLSchema(etree.fromstring((folder / "musicxml_4_0.xsd").read_bytes(), parser))
print("musicxml", version("musicxml"), "lxml", version("lxml"))
valid = []
for name in ("in.musicxml", "out.musicxml"):
    valid.append(schema.validate(etree.parse(name)))
    print(name, "is valid" if valid[-1] else f"is not: {schema.error_log.last_error.message}")
order = [child.tag for child in etree.parse("out.musicxml").find(".//note")]
print("children of <note>:", " ".join(order))
sys.exit(valid != [True, False] or order.index("instrument") < order.index("notehead"))
PYTHON
