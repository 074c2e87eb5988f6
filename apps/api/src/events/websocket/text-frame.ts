const finalText = 0x81;

/**
 * A whole, unmasked text message as a server sends it (RFC 6455, section 5.2). It depends on nothing of a connection,
 * so one buffer serves all clients.
 */
export function textFrame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const headLength = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  // In memory of its own: see encoding.ts.
  const frame = Buffer.allocUnsafeSlow(headLength + length);
  frame[0] = finalText;
  if (headLength === 2) frame[1] = length;
  else if (headLength === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame.write(text, headLength);
  return frame;
}
