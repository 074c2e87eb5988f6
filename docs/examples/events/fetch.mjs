// node fetch.mjs http://localhost:8081
const seen = new Map();
for (let cursor = '0'; ; await new Promise((resolve) => setTimeout(resolve, 1000 + 2000 * Math.random()))) {
  try {
    const response = await fetch(`${process.argv[2]}/events`, { headers: { 'Last-Event-ID': cursor } });
    let text = '';
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      const frames = (text + chunk).split('\n\n');
      text = frames.pop(); // what is not complete yet
      for (const frame of frames) {
        const message = JSON.parse(/^data: (.*)$/m.exec(frame)?.[1] ?? '{}');
        cursor = /^id: (.*)$/m.exec(frame)?.[1] ?? cursor;
        if (!(message.seq > (seen.get(message.run_id) ?? 0))) continue;
        seen.set(message.run_id, message.seq);
        console.log(message.type, message.run_id, message.seq);
      }
    }
  } catch (error) {
    console.error(`${error}; connecting again`);
  }
}
