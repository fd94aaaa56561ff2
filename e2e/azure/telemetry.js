'use strict';
// A device sends telemetry, with all that a message can carry.
const { Client, Message } = require('azure-iot-device');
const { Mqtt } = require('azure-iot-device-mqtt');
const { say, play } = require('./stage');

const message = (body, system, properties) => {
  const m = Object.assign(new Message(body), system);
  for (const [key, value] of Object.entries(properties)) m.properties.add(key, value);
  return m;
};

play(async ({ device }) => {
  const client = Client.fromConnectionString(device, Mqtt);
  await client.setOptions({ modelId: 'dtmi:com:example:Thermostat;1' });
  const connected = await client.open();
  say('open', { result: connected.constructor.name });

  const full = await client.sendEvent(message(JSON.stringify({ temperature: -18.5 }), {
    messageId: 'm-1', correlationId: 'c-1', userId: 'u-1', contentType: 'application/json', contentEncoding: 'utf-8',
  }, { alert: 'true', 'key with ä': 'a&b=c/d+e%20 f', empty: '' }));
  say('sent', { result: full.constructor.name });

  await client.sendEvent(new Message(Buffer.from([0, 255, 128, 10])));
  say('sent binary');
  await client.sendEvent(new Message(''));
  say('sent nothing');

  const alongside = [];
  for (let n = 0; n < 50; n++) alongside.push(client.sendEvent(message(String(n), { messageId: 'burst-' + n }, {})));
  await Promise.all(alongside);
  say('sent burst');

  await client.close();
  say('closed');
});
