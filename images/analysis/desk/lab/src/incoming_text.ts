/**
 * A file that a person brings in is text, or it is left as it came.
 *
 * Pure. The page reads every file as base64; the desk takes no base64 at all. What decodes as UTF-8
 * without an error goes on as the text it is; what does not is left alone, for the desk to refuse in
 * its own words.
 */

/** The text that base64 letters stand for, or null when they stand for something else. */
export function textOfBase64(letters: string): string | null {
  try {
    const bytes = Uint8Array.from(atob(letters), letter => letter.charCodeAt(0));
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
