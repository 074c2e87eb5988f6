import type { LinkOptions, LiveLink } from './live-link';
import type { Connect } from './live-report';

/** Where the browser offers no way to share: a connection of this tab's own. */
export function openOwnLink(options: LinkOptions, connect: Connect): LiveLink {
  const connection = connect({ baseUrl: options.baseUrl, ...options.seen() }, (report) => options.report(report));
  options.report({ kind: 'sharing', sharing: { kind: 'alone' } });
  options.report({ kind: 'welcome', health: connection.health });
  connection.start();
  connection.obey({ kind: 'visibility', isVisible: options.isVisible() });
  return { send: (command) => connection.obey(command), close: () => connection.stop() };
}
