/**
 * Names that a prompt may not ask to imitate: a short list of those most often asked
 * for. A name after "in the style of" or "like" need not be on it.
 */

/** In lower case and without accents, as {@linkcode artistAt} compares. */
const ARTISTS = new Set(
  `arvo part, bach, beethoven, brahms, chopin, debussy, dvorak, erik satie,
  gershwin, grieg, handel, haydn, liszt, mahler, mendelssohn, mozart,
  philip glass, prokofiev, puccini, rachmaninoff, rachmaninov, ravel, satie,
  schubert, schumann, shostakovich, sibelius, steve reich, stravinsky,
  tchaikovsky, verdi, vivaldi, john cage, wagner, joe hisaishi, hisaishi,
  ryuichi sakamoto, sakamoto, hans zimmer, zimmer, john williams, vangelis,
  ennio morricone, morricone, thomas newman, max richter, ludovico einaudi,
  einaudi, nils frahm, olafur arnalds, yiruma, brian eno, eno, harold budd,
  aphex twin, boards of canada, tycho, bonobo, moby, nujabes, j dilla, dilla,
  sigur ros, stars of the lid, tim hecker, william basinski, enya,
  jean michel jarre, kraftwerk, tangerine dream, daft punk, deadmau5,
  bill evans, miles davis, john coltrane, coltrane, thelonious monk,
  duke ellington, keith jarrett, herbie hancock, chet baker, the beatles,
  beatles, abba, adele, beyonce, billie eilish, bob dylan, bob marley, coldplay,
  david bowie, drake, ed sheeran, elton john, elvis, eminem, kanye west,
  lady gaga, madonna, michael jackson, pink floyd, radiohead, rihanna,
  rolling stones, stevie wonder, taylor swift, the weeknd, u2`
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
