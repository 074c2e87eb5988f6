/**
 * A canvas as it is seen, background and all: what a chart draws on is transparent, and its light text would be lost on a
 * white page.
 *
 * @throws Error where the browser makes no picture of it
 */
export async function chartPicture(canvas: HTMLCanvasElement, background: string): Promise<Blob> {
  const picture = document.createElement('canvas');
  picture.width = canvas.width;
  picture.height = canvas.height;
  const context = picture.getContext('2d');
  if (!context) throw new Error($localize`The browser draws no picture.`);
  context.fillStyle = background;
  context.fillRect(0, 0, picture.width, picture.height);
  context.drawImage(canvas, 0, 0);
  const blob = await new Promise<Blob | null>((done) => picture.toBlob(done, 'image/png'));
  if (!blob) throw new Error($localize`The browser draws no picture.`);
  return blob;
}

/** @throws Error where the browser does not allow it, or knows no pictures in its clipboard */
export async function copyPicture(picture: Promise<Blob>): Promise<void> {
  // Undefined on a page without https, which is not localhost.
  const clipboard = navigator.clipboard as Clipboard | undefined;
  if (!clipboard || typeof ClipboardItem === 'undefined') {
    throw new Error($localize`Pictures can be copied over https or on localhost only. Save it as PNG instead.`);
  }
  // The promise itself: Safari takes no picture that is made after the press.
  await clipboard.write([new ClipboardItem({ 'image/png': picture })]);
}
