// In a browser, or: node websocket.mjs http://localhost:8081 (Node 22 or later)
const server = globalThis.location?.origin ?? process.argv[2];
const seen = new Map();
let cursor = '0';
function connect() {
  const socket = new WebSocket(`${server.replace('http', 'ws')}/ws`);
  socket.onopen = () => socket.send(JSON.stringify({ subscribe: ['training', 'logs'], last_event_id: cursor }));
  socket.onmessage = ({ data }) => {
    const message = JSON.parse(data);
    if (message.type === 'cursor') cursor = message.data.last_event_id;
    if (message.type === 'error') console.error(message.data.detail);
    if (!(message.seq > (seen.get(message.run_id) ?? 0))) return;
    seen.set(message.run_id, message.seq);
    console.log(message.type, message.run_id, message.seq);
  };
  socket.onclose = () => setTimeout(connect, 1000 + 2000 * Math.random());
}
connect();
