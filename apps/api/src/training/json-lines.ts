/** Python's json.dumps writes NaN and the infinities bare, which is not JSON. */
const bareSpecial = /(?<=[:,[\s])(-?Infinity|NaN)(?=[\s,\]}])/g;

/** Parses a line of JSON; bare NaN and infinities become the strings that stand for them on the wire. */
export function parseJsonLine(text: string): { json: unknown } | { mistake: string } {
  try {
    return { json: JSON.parse(text) };
  } catch (error) {
    try {
      return { json: JSON.parse(text.replaceAll(bareSpecial, '"$1"')) };
    } catch {
      return { mistake: `the line: is no JSON (${error instanceof Error ? error.message : String(error)})` };
    }
  }
}
