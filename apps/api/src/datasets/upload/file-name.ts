const longest = 200;
/** Characters that are invisible or turn the direction of text: a name could look like another one. */
const invisible = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu;

/**
 * A file name that is safe to show and to offer for a download: no folders, no control characters, at most 200
 * characters. It is never used to build a path.
 */
export function safeFileName(given: string | undefined, fallback = 'upload.csv'): string {
  const base = (given ?? '').normalize('NFC').split(/[\\/]/).at(-1) ?? '';
  const visible = base.replace(invisible, '').trim().replace(/^\.+/, '');
  if (visible === '') return fallback;
  if (visible.length <= longest) return visible;
  const extension = /\.[A-Za-z0-9]{1,8}$/.exec(visible)?.[0] ?? '';
  return visible.slice(0, longest - extension.length).toWellFormed() + extension;
}

/** What people call a data set until they name it: its file's name without the extension. */
export function nameOf(fileName: string): string {
  return fileName.replace(/\.(csv|tsv|txt)$/i, '') || fileName;
}
