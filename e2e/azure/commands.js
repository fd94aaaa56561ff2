'use strict';
// A device takes cloud-to-device messages, those that waited for it first.
const { Client, Message } = require('azure-iot-device');
const { Mqtt } = require('azure-iot-device-mqtt');
const { say, play } = require('./stage');

play(async ({ device, count }) => {
  const client = Client.fromConnectionString(device, Mqtt);
  let left = Number(count);
  const all = new Promise((resolve, reject) => {
    client.on('message', (m) => {
      const properties = m.properties.propertyList.map(({ key, value }) => [key, value]);
      say('message', {
        body: m.getData().toString('base64'), properties, to: m.to, messageId: m.messageId, correlationId: m.correlationId,
        userId: m.userId, contentType: m.contentType, contentEncoding: m.contentEncoding, expires: m.expiryTimeUtc,
      });
      client.complete(m).then((result) => {
        say('completed', { result: result.constructor.name });
        if (--left === 0) resolve();
      }, reject);
    });
  });
  await client.open();
  await client.sendEvent(new Message('online'));
  await all;
  await client.close();
});
