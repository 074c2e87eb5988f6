import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** The built command line as a process of its own, in a folder. */
export class CommandLine {
  private readonly child: ChildProcess;
  private stdout = '';
  private stderr = '';

  /** It has the channel that tools/cli.mjs gives it. */
  constructor(args: readonly string[], folder: string) {
    const file = process.env['COMMAND_LINE'] ?? '';
    this.child = spawn(process.execPath, [file, ...args], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: { ...process.env, GAN_DASHBOARD_SUPERVISED: '1' },
    });
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
  }

  static run(args: readonly string[], folder: string): Promise<Ended> {
    return new CommandLine(args, folder).ended();
  }

  async ended(): Promise<Ended> {
    const [code] = (await once(this.child, 'close')) as [number | null];
    return { code, stdout: this.stdout, stderr: this.stderr };
  }

  /** Resolves as soon as stdout holds the text. @throws Error where the process ends before */
  async says(text: string): Promise<void> {
    while (!this.stdout.includes(text)) {
      if (this.child.exitCode !== null) throw new Error(`ended before it said ${text}: ${this.stderr}`);
      await Promise.race([once(this.child.stdout ?? this.child, 'data'), once(this.child, 'exit')]);
    }
  }

  /** As it is seen from inside when the launcher was killed. */
  loseLauncher(): void {
    this.child.disconnect();
  }

  interrupt(): void {
    this.child.kill('SIGINT');
  }
}
