import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** The built command line as a process of its own, in a folder. */
export class CommandLine {
  private readonly child: ChildProcess;
  private readonly closed: Promise<number | null>;
  private readonly waiting = new Set<() => void>();
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
    this.closed = new Promise((resolve) => this.child.once('close', resolve));
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
      for (const look of this.waiting) look();
    });
  }

  static run(args: readonly string[], folder: string): Promise<Ended> {
    return new CommandLine(args, folder).ended();
  }

  async ended(): Promise<Ended> {
    const code = await this.closed;
    return { code, stdout: this.stdout, stderr: this.stderr };
  }

  /** Resolves as soon as stdout holds the text. @throws Error where the process ends before */
  says(text: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = () => {
        if (!this.stdout.includes(text)) return;
        this.waiting.delete(look);
        resolve();
      };
      this.waiting.add(look);
      void this.closed.then(() => reject(new Error(`It ended before it said ${text}: ${this.stderr}`)));
      look();
    });
  }

  interrupt(): void {
    this.child.kill('SIGINT');
  }
}
