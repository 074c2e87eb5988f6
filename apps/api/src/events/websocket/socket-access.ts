import type { IncomingMessage } from 'node:http';

/** Injection token of who may open a WebSocket; the identity module provides it. */
export const SOCKET_ACCESS = Symbol('SOCKET_ACCESS');

/** Who opened a WebSocket, as far as the events need to know. */
export interface SocketUser {
  readonly name: string;
  /**
   * The projects whose events a subscription carries: of the run, or of all that the user may see; undefined: of all.
   *
   * @throws ProblemException 404 for a run that the user may not see.
   */
  scopeOf(runId: string | undefined): Promise<readonly string[] | undefined>;
  /** @throws ProblemException 404 for a run that the user may not see, 403 where it may not be controlled. */
  requireControl(runId: string): Promise<void>;
  /** Calls `end` once, when the session of the user does. @returns to be called when the connection has ended. */
  hold(end: () => void): () => void;
}

export interface SocketAccess {
  /** @throws ProblemException 401, 403 or 429 where the request may not become a WebSocket. */
  admit(request: IncomingMessage): Promise<SocketUser>;
}
