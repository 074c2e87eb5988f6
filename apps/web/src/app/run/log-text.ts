import type { LogEntry } from '@gan-dashboard/shared-types';

/** Lines as a text file. */
export function logText(lines: readonly LogEntry[]): string {
  return lines.map((entry) => `${entry.timestamp} ${entry.level.toUpperCase().padEnd(7)} ${entry.message}\n`).join('');
}

/** Hands a text to the browser as a file. */
export function saveText(fileName: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** The clipboard API exists only in a secure context; a plain http address in a team's network is none. */
export async function copyText(text: string): Promise<void> {
  if ('clipboard' in navigator) return navigator.clipboard.writeText(text);
  const area = document.createElement('textarea');
  area.value = text;
  area.style.position = 'fixed';
  area.style.opacity = '0';
  document.body.append(area);
  area.select();
  const isCopied = document.execCommand('copy');
  area.remove();
  if (!isCopied) throw new Error($localize`The browser refused to copy. Use Download instead.`);
}
