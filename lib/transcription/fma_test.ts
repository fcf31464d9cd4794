import assert from "node:assert/strict";
import { join } from "@std/path";
import { fmaTracks } from "./fma.ts";

/** As the data set has it: three lines of heads, and text over several lines. */
const TRACKS = `,album,track,track,track,track
,comments,genre_top,genres,genres_all,title
track_id,,,,,
2,0,Hip-Hop,[21],[21],Food
5,0,,"[42]","[42, 38]","Rain, ""slowly""
and then snow"
140,0,Experimental,"[38]","[38]",Noise
34996,0,,"[107]","[42, 107, 38]",Drift
`;
const GENRES = `genre_id,#tracks,parent,title,top_level
107,4,42,Ambient,38
42,3,38,Ambient Electronic,38
38,9,0,Experimental,38
21,1,0,Hip-Hop,21
`;

async function withTables(test: (folder: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(join(folder, "tracks.csv"), TRACKS);
    await Deno.writeTextFile(join(folder, "genres.csv"), GENRES);
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("fmaTracks() finds the tracks of a genre and of all below it", () =>
  withTables(async (folder) => {
    const of = async (genre: string) => [...await fmaTracks(folder, genre)];
    assert.deepEqual(await of("ambient"), ["034996"]);
    assert.deepEqual(await of("Ambient Electronic"), ["000005", "034996"]);
    assert.deepEqual(await of("Experimental"), ["000005", "000140", "034996"]);
  }));

Deno.test("fmaTracks() refuses a genre that is not there, with the nearest", () =>
  withTables(async (folder) => {
    await assert.rejects(
      fmaTracks(folder, "Ambeint"),
      /Cannot find the genre "Ambeint".*Did you mean "ambient"\?/,
    );
  }));
