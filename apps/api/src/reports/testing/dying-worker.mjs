// A report process that is killed in the middle, as by the kernel when memory is short.
process.on('message', () => process.kill(process.pid, 'SIGKILL'));
