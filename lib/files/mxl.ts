/** Scores of MusicXML in the compressed files that notation programs exchange. */

const CONTAINER = `<?xml version="1.0" encoding="UTF-8"?>
<container><rootfiles><rootfile full-path="score.musicxml" media-type="application/vnd.recordare.musicxml+xml"/></rootfiles></container>
`;
/** All files are dated alike, so that a score always makes the same bytes. */
const DATE = "1980-01-01T12:00:00";

/** Packs the text of a MusicXML file as .mxl. */
export async function packMusicXml(text: string): Promise<Uint8Array> {
  const { strToU8, zipSync } = await import("fflate");
  return zipSync({
    // First, and not compressed, so that the kind of file is seen in its first bytes.
    "mimetype": [strToU8("application/vnd.recordare.musicxml"), { level: 0 }],
    "META-INF/container.xml": strToU8(CONTAINER),
    "score.musicxml": strToU8(text),
  }, { mtime: DATE });
}
