// In a page of the dashboard's origin. The browser reconnects by itself, with the cursor that it has reached.
const seen = new Map();
const stream = new EventSource('/events?last_event_id=0');
stream.onmessage = ({ data }) => {
  const message = JSON.parse(data);
  if (message.type === 'replay_gap') console.warn(message.data.message);
  if (!(message.seq > (seen.get(message.run_id) ?? 0))) return; // a heartbeat, or an event that came before
  seen.set(message.run_id, message.seq);
  console.log(message.type, message.run_id, message.seq);
};
