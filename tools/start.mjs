// Only syntax that old versions of Node understand: they must get as far as the message.
const major = Number(process.versions.node.split('.')[0]);
if (major < 20) {
  console.error(
    'GAN Dashboard needs Node 20 or newer to start (it then runs on its own Node 24); this is Node ' +
      process.versions.node +
      '. Get a current one from https://nodejs.org, then run npm start again.',
  );
  process.exitCode = 1;
} else {
  import('./workspace/start.mjs').then(
    (start) => start.main(process.argv.slice(2)),
    (error) => {
      console.error(error);
      process.exitCode = 1;
    },
  );
}
