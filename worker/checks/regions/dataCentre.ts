/** Cloudflare's code of this object's data centre, from the trace at `url`; null where it is not known. */
export const askDataCentre = async (url: string | null): Promise<string | null> => {
  if (!url) return null;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(1_000) });
    return /^colo=([A-Z]{3})$/m.exec(await response.text())?.[1] ?? null;
  } catch {
    return null;
  }
};
