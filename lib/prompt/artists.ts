/**
 * Names whose manner is not known here: those most often asked for. A name after
 * "in the style of" or "like" need not be on it. Composers who died over 70 years
 * ago are in the lexicon, with what their name brings.
 */

/** In lower case and without accents, as {@linkcode artistAt} compares. */
const ARTISTS = new Set(
  `arvo part, philip glass, shostakovich, sibelius, steve reich, stravinsky, john
  cage, joe hisaishi, hisaishi, ryuichi sakamoto, sakamoto, hans zimmer,
  zimmer, john williams, vangelis, ennio morricone, morricone, thomas newman,
  max richter, ludovico einaudi, einaudi, nils frahm, olafur arnalds, yiruma,
  brian eno, eno, harold budd, aphex twin, boards of canada, tycho, bonobo,
  moby, nujabes, j dilla, dilla, sigur ros, stars of the lid, tim hecker,
  william basinski, enya, jean michel jarre, kraftwerk, tangerine dream, daft
  punk, deadmau5, bill evans, miles davis, john coltrane, coltrane, thelonious
  monk, duke ellington, keith jarrett, herbie hancock, chet baker, the
  beatles, beatles, abba, adele, beyonce, billie eilish, bob dylan, bob
  marley, coldplay, david bowie, ed sheeran, elton john, elvis, eminem,
  kanye west, lady gaga, madonna, michael jackson, pink floyd, radiohead,
  rihanna, rolling stones, stevie wonder, taylor swift, the weeknd, u2, paul
  kalkbrenner, zelda, mario, pokemon, minecraft, final fantasy, undertale,
  dark souls, skyrim, star wars, harry potter, lord of the rings,
  
  stranger things, studio ghibli, ghibli, koji kondo,
  kondo, nobuo uematsu, uematsu, c418, toby fox, jacob collier, snarky puppy,
  tame impala, massive attack, portishead, depeche mode, joy
  division, queen band, metallica, iron maiden, ac dc, led
  zeppelin, deep purple, gorillaz, arctic
  monkeys, bonnie tyler, kendrick lamar, travis scott, danny elfman,
  john barry, nino rota, jonny greenwood, trent reznor, hildur gudnadottir,
  johann johannsson, ludwig goransson, howard shore, james horner, alan
  menken, astor piazzolla, piazzolla, django reinhardt, charlie parker, louis
  armstrong, dave brubeck, brubeck, pat metheny, chick corea, jaco pastorius,
  stan getz, jobim, antonio carlos jobim, buena vista social club, carlos
  santana, santana, manu chao, edith piaf, piaf, jacques brel, rammstein,
  kraftklub, fred again, four tet, jon hopkins, skrillex, avicii,
  calvin harris, tiesto, armin van buuren, martin garrix, flume, odesza, lorn,
  carpenter brut, john carpenter, kavinsky, the midnight, com truise`
    .split(",").map((name) => name.trim().replace(/\s+/g, " ")),
);
const MOST_WORDS = 4;

/**
 * Finds a listed name at the beginning of some words.
 *
 * @param words In the order they were written.
 * @returns How many words the name has, 0 if there is none.
 */
export function artistAt(words: readonly string[]): number {
  const plain = words.slice(0, MOST_WORDS).map((word) =>
    word.toLowerCase().normalize("NFD").replace(/\p{M}|['’]s$|['’]$/gu, "")
  );
  for (let count = plain.length; count > 0; count--) {
    if (ARTISTS.has(plain.slice(0, count).join(" "))) return count;
  }
  return 0;
}
