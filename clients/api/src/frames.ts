/** One frame of an event stream (WHATWG HTML, 9.2.6); a frame of a comment has neither. */
export interface Frame {
  id?: string;
  data?: string;
}

/**
 * The frames of a stream as they come; what is cut off at its end is dropped.
 *
 * @throws TypeError where the connection is lost, or silent for `silenceMs`
 */
export async function* readFrames(stream: ReadableStream<Uint8Array>, silenceMs: number): AsyncGenerator<Frame> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let text = '';
  try {
    for (;;) {
      const { done, value } = await within(silenceMs, reader.read());
      if (done) return;
      const frames = (text + decoder.decode(value, { stream: true })).split('\n\n');
      text = frames.pop() ?? '';
      for (const frame of frames) yield parseFrame(frame);
    }
  } finally {
    // What a lost connection says when it is let go has been said by the read.
    await reader.cancel().catch(() => undefined);
  }
}

function parseFrame(text: string): Frame {
  const frame: Frame = {};
  for (const line of text.split('\n')) {
    const [field, value] = [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).replace(/^ /, '')];
    if (field === 'id') frame.id = value;
    if (field === 'data') frame.data = frame.data === undefined ? value : `${frame.data}\n${value}`;
  }
  return frame;
}

async function within<T>(milliseconds: number, promise: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TypeError(`the stream was silent for ${milliseconds} ms`)), milliseconds);
  });
  try {
    return await Promise.race([promise, silence]);
  } finally {
    clearTimeout(timer);
  }
}
