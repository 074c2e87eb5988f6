import { browserEnvironment } from './connection-environment';
import { ConnectionHost } from './connection-host';
import { EventConnection } from './event-connection';

/** Entry of the shared worker: every page of this browser connects to it, and it connects to the server once. */
const host = new ConnectionHost((start, report) => new EventConnection(start, browserEnvironment, report));

addEventListener('connect', (event) => {
  const [port] = event instanceof MessageEvent ? event.ports : [];
  if (port) host.accept(port);
});
