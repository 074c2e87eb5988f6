import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { exitCodeOf, runStep } from './child.mjs';

const module = new URL('./child.mjs', import.meta.url).href;

/** A process that runs `script`, whose first output line is awaited. */
async function parent(script) {
  const source = `import { exitCodeOf, runStep, supervise } from ${JSON.stringify(module)};\n${script}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', source], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const output = { text: '' };
  child.stdout.on('data', (chunk) => (output.text += chunk));
  await once(child.stdout, 'data');
  const exit = once(child, 'close');
  return { child, output, exit };
}

/** A server that counts the signals it gets, ends on SIGTERM with code 3, and on a lost channel with 4. */
const server = `
  let signals = 0;
  const end = (code) => { signals += 1; console.log('asked ' + signals); setTimeout(() => process.exit(code), 100); };
  process.on('SIGINT', () => end(2));
  process.on('SIGTERM', () => end(3));
  process.on('disconnect', () => end(4));
  setInterval(() => undefined, 1000);
  console.log('up');`;
const supervising = `
  const ended = await supervise(process.execPath, ['-e', ${JSON.stringify(server)}], { env: process.env });
  console.log('ended ' + exitCodeOf(ended));`;

describe('runStep', () => {
  it('resolves to how the step ended', async () => {
    assert.deepEqual(await runStep(process.execPath, ['-e', 'process.exit(5)']), { code: 5, signal: null });
  });

  it('rejects, and does not crash, when the program is missing', async () => {
    await assert.rejects(runStep('/nothing/here', []), { code: 'ENOENT' });
  });

  it('ends a step that takes too long', async () => {
    const ended = await runStep(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { timeoutMs: 50 });
    assert.equal(exitCodeOf(ended), 143);
  });

  it('ends the whole group of the step when it is signalled', { skip: process.platform === 'win32' }, async () => {
    const step = `const { pid } = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
      console.log(pid); setInterval(() => {}, 1000);`;
    const { child, output, exit } = await parent(
      `await runStep(process.execPath, ['-e', ${JSON.stringify(step)}]).catch((error) => process.exit(error.exitCode));`,
    );
    child.kill('SIGTERM');
    assert.deepEqual(await exit, [143, null]);
    const grandchild = Number(output.text);
    // Signalled, it may take the kernel a moment to be gone.
    while (isRunning(grandchild)) await new Promise((resolve) => setImmediate(resolve));
  });
});

describe('supervise', { skip: process.platform === 'win32' }, () => {
  it('asks the server once, however often it is signalled, and passes its exit code on', async () => {
    const { child, output, exit } = await parent(supervising);
    child.kill('SIGINT');
    child.kill('SIGTERM');
    child.kill('SIGINT');
    assert.deepEqual(await exit, [0, null]);
    assert.equal(output.text, 'up\nasked 1\nended 3\n');
  });

  it('lets the server know when it is killed itself', async () => {
    const { child, output, exit } = await parent(supervising);
    child.kill('SIGKILL');
    await exit;
    assert.equal(output.text, 'up\nasked 1\n');
  });
});

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
