'use strict';
// A device on HTTP: telemetry, a batch, and commands completed, abandoned and rejected.
const { Client, Message } = require('azure-iot-device');
const { Http } = require('azure-iot-device-http');
const { say, cue, play, called } = require('./stage');

play(async ({ device }) => {
  const client = Client.fromConnectionString(device, Http);
  await client.open();
  const message = new Message('{"level":3}');
  message.messageId = 'm-1';
  message.contentType = 'application/json';
  message.contentEncoding = 'utf-8';
  message.properties.add('urgent', 'no');
  await client.sendEvent(message);
  await client.sendEventBatch([new Message('one'), new Message('two')]);
  say('sent');
  await cue();

  await called((done) => client.setOptions({ http: { receivePolicy: { interval: 1 } } }, done));
  let left = 4;
  const again = new Set();
  await new Promise((resolve, reject) => {
    const settle = { keep: 'complete', later: 'abandon', never: 'reject' };
    client.on('message', (m) => {
      say('got', { id: m.messageId, body: m.data.toString(), again: again.has(m.messageId) });
      const how = again.has(m.messageId) ? 'complete' : settle[m.messageId];
      again.add(m.messageId);
      client[how](m).then(() => --left || resolve(), reject);
    });
  });
  await client.close();
  say('closed');
});
