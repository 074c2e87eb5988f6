/**
 * Loads and runs a command of this folder. Only syntax that old versions of Node understand stands here: they must
 * get as far as the message.
 *
 * @param {() => Promise<{ main(args: string[]): Promise<void> }>} load
 */
export function enter(load) {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < 20) {
    console.error(
      'GAN Dashboard needs Node 20 or newer to start (it then runs on its own Node 24); this is Node ' +
        process.versions.node +
        '. Get a current one from https://nodejs.org and run the command again.',
    );
    process.exitCode = 1;
    return;
  }
  load()
    .then((command) => command.main(process.argv.slice(2)))
    .catch((error) => {
      console.error(error);
      process.exitCode = 1;
    });
}
