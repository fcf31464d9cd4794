/** The browser of browser tests. */

import { type Browser, chromium } from "playwright-core";

/** Paths of Chromium and Chrome on common systems. */
const CHROMIUM_PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/snap/bin/chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

/** Path of an installed Chromium or Chrome, if there is one. */
export function findChromium(): string | undefined {
  return CHROMIUM_PLACES.find((path) => {
    try {
      return Deno.statSync(path).isFile;
    } catch {
      return false;
    }
  });
}

/** Starts a browser that shows no window and asks nothing of the network. */
export async function launchChromium(executablePath: string): Promise<Browser> {
  return await chromium.launch({
    executablePath,
    args: [
      ...[
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
      ],
      ...["--disable-background-networking", "--disable-component-update"],
      ...["--disable-sync", "--autoplay-policy=no-user-gesture-required"],
    ],
  });
}
