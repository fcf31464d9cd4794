/**
 * The chord progressions of the starter corpus, as numerals that count from the
 * major scale; a slash names a bass other than the root.
 */

import type { Mode } from "./harmony.ts";

/** Progressions of four slots; a comma shares a slot between two chords. */
interface Progressions {
  /** For the first section and its returns. */
  readonly main: readonly string[];
  /** For the contrasting section. */
  readonly contrast: readonly string[];
  /** The last two slots of a piece. */
  readonly cadence: readonly string[];
}

/** The progressions of each mode. */
export const PROGRESSIONS: Readonly<Record<Mode, Progressions>> = {
  major: {
    main: [
      "Imaj9 VIm9 IIm9 V9sus",
      "Imaj9 IVmaj7 Imaj9 IVm6",
      "Imaj7 IIIm7 IVmaj9 V9sus",
      "I6/9 IIIm7 VIm9 IVmaj7",
      "Imaj9 bVIImaj7 IVmaj9 I6/9",
      "Iadd9 Vadd9/VII VIm7 IVmaj9",
      "Imaj7 IVmaj9 IIm9 IIm9,V9sus",
      "Imaj9 VIm11 IVmaj7 IVm6",
      "Iadd9 IIm7 IIIm7 IVmaj9",
      "IVmaj9 IIIm7 IIm9 Imaj7",
    ],
    contrast: [
      "VIm9 IIm9 IVmaj9 V9sus",
      "IVmaj9 IIIm7 IIm9 V9sus",
      "bVImaj7 bVIIadd9 Imaj9 V9sus",
      "IIm9 IIIm7 IVmaj9 V9sus",
      "VIm11 IIIm7 IVmaj9 IVm6,V9sus",
      "IIIm7 VIm9 IIm9 V13",
      "IVmaj7 Vadd9 IIIm7 VIm9",
    ],
    cadence: [
      "V9sus Imaj9",
      "V13 I6/9",
      "IVm6 Imaj9",
      "IIm9,V9sus Iadd9",
      "IVmaj9 I6/9",
    ],
  },
  minor: {
    main: [
      "Im9 bVImaj7 bIIImaj9 bVIIadd9",
      "Im9 IVm9 bVImaj9 Vm7",
      "Im11 bVII6/9 bVImaj7 bVIIadd9",
      "Im9 Vm7 bVImaj7 IVm9",
      "Im9 bIIImaj7 IVm9 bVImaj7",
      "Imadd9 Vm7/bVII bVImaj7 IVm9",
      "Im7 IVm9 Im9 bVImaj7,Vm7",
      "Im9 bVImaj9 IVm9 V7sus4",
      "Im11 bIIIadd9 bVImaj7 bVII6/9",
    ],
    contrast: [
      "bVImaj9 bVIIadd9 Vm7 Im9",
      "IVm9 bVIIadd9 bIIImaj9 bVImaj7",
      "bIIImaj9 bVIIadd9 IVm9 bVImaj7",
      "bVImaj7 bIIImaj9 IVm9 V7sus4,V7",
      "IIm7b5 V7sus4 Im9 bVImaj7",
      "IVm9 Im11 bVImaj9 Vm7",
    ],
    cadence: [
      "bVII6/9 Im9",
      "IVm9 Imadd9",
      "V7sus4,V7 Im9",
      "bVImaj9,Vm7 Im11",
      "IIm7b5,V7 Im9",
    ],
  },
  dorian: {
    main: [
      "Im9 IV9 Im9 IVadd9",
      "Im9 IVadd9/I Im9 IIm7",
      "Im7 bVIIadd9/I Im9 IVadd9",
      "Im11 IIm7 bIIImaj7 IIm7",
      "Im9 bVIIadd9 IVadd9 Im7",
      "Im7 Vm7 IV9 Im9",
      "Im9 IVadd9 bVIImaj7 IVadd9",
      "Im6 bIIImaj7 IV9 bVIIadd9",
      "Im9 bIIImaj9 IIm7 IVadd9",
    ],
    contrast: [
      "bIIImaj9 IV9 Im9 bVIIadd9",
      "IIm7 bIIImaj7 IVadd9 Vm7",
      "Vm9 IV9 bIIImaj7 IVadd9",
      "bVIImaj7 bIIImaj9 IV9 Vm7",
      "IVadd9 Vm7 bVIImaj9 IVadd9",
    ],
    cadence: [
      "IV9 Im9",
      "bVIIadd9 Im11",
      "bIIImaj7,Vm7 Im9",
      "Vm9 Imadd9",
    ],
  },
  mixolydian: {
    main: [
      "Iadd9 bVIIadd9 IVadd9 Iadd9",
      "I9 Vm7 IVmaj9 Iadd9",
      "Iadd9 bVIImaj7 Vm7 IVmaj9",
      "I9sus Iadd9 bVIImaj9 IVmaj7",
      "Iadd9 IIm7 bVIImaj7 IVadd9",
      "Iadd9 Vm9 bVIImaj7 IVmaj7",
    ],
    contrast: [
      "IVmaj9 bVIImaj7 IIm7 Iadd9",
      "VIm7 IVmaj7 bVIImaj9 Vm9",
      "bVIImaj9 VIm7 Vm9 IVmaj9",
      "IIm9 Vm9 bVIImaj7 I9sus",
      "IVmaj9 Vm9 VIm7 bVIImaj9",
    ],
    cadence: [
      "bVIIadd9 Iadd9",
      "IVmaj9 I6/9",
      "bVIImaj9,IVadd9 Iadd9",
      "Vm9 Iadd9",
    ],
  },
  lydian: {
    main: [
      "Imaj9 IIadd9/I Imaj9 IIadd9/I",
      "Imaj7#11 VIIm7 IIadd9/I Imaj9",
      "Imaj9 VIm9 IIadd9/I Iadd9",
      "I6/9 IIadd9/I Vmaj7 Imaj9",
      "Imaj9 IIIm7 VIm9 IIadd9/I",
      "Iadd9 Imaj7#11 IIadd9 I6/9",
      "Imaj9 VIm11 Iadd9 IIadd9/I",
    ],
    contrast: [
      "VIm9 IIadd9 Vmaj7 Imaj9",
      "Vmaj9 VIIm7 VIm9 IIadd9",
      "IIIm9 VIm9 IIadd9 Vmaj7",
      "VIm11 VIIm7 Imaj9 IIadd9",
    ],
    cadence: [
      "IIadd9/I Imaj9",
      "Vmaj7 Imaj7#11",
      "VIm9,IIadd9 I6/9",
      "VIIm7 Imaj9",
    ],
  },
};
