// A report process that never ends by itself: says that it is at work, and where.
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

process.on('message', (task) => {
  writeFileSync(join(dirname(task.json_path), 'pid'), String(process.pid));
  process.send({ kind: 'progress', phase: 'measuring for ever', percent: 50 });
});
