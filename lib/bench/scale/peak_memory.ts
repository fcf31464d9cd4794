/** The most memory that this process has taken. */

/** In MB; on other systems than Linux, what it takes now. */
export function peakMegabytes(): number {
  try {
    const status = Deno.readTextFileSync("/proc/self/status");
    return Number(status.match(/VmHWM:\s+(\d+)/)?.[1]) / 1000;
  } catch {
    return Deno.memoryUsage().rss / 1e6;
  }
}
