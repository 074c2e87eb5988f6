/** Hands a file to the browser. */
export function saveBlob(fileName: string, blob: Blob): void {
  const url = URL.createObjectURL(blob);
  saveDataUrl(fileName, url);
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

export function saveDataUrl(fileName: string, url: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
}
