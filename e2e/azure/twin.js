'use strict';
// A device reads its twin, is told of desired properties, and reports its own.
const { Client, Message } = require('azure-iot-device');
const { Mqtt } = require('azure-iot-device-mqtt');
const { say, cue, play, called, fails } = require('./stage');

// properties of a twin without the function the SDK keeps among them
const plain = (properties) => JSON.parse(JSON.stringify(properties));

play(async ({ device }) => {
  const client = Client.fromConnectionString(device, Mqtt);
  await client.open();
  const twin = await client.getTwin();
  say('twin', plain(twin.properties));

  const report = (patch) => called((done) => twin.properties.reported.update(patch, done));
  await report({ firmware: { version: '1.2', build: 7 }, mode: 'auto', readings: [1, null, 'x'] });
  await report({ firmware: { build: null, signed: true }, mode: null });
  say('reported', plain(twin.properties.reported));
  await fails('report refused', report({ 'a.b': 1 }));

  // The first call tells of what is there already.
  const changes = [];
  let heard = () => {};
  twin.on('properties.desired', (patch) => {
    changes.push(patch);
    heard();
  });
  const settled = [];
  twin.on('properties.desired.climate.setpoint', (value) => settled.push(value));
  const change = async () => {
    if (changes.length === 0) await new Promise((resolve) => { heard = resolve; });
    return changes.shift();
  };
  say('listening', { patch: plain(await change()) });
  // The hub takes packets in order: what it answers after SUBSCRIBE finds it done.
  await client.sendEvent(new Message('subscribed'));
  say('subscribed');
  say('change', { patch: await change() });
  say('change', { patch: await change() });
  say('now', { desired: plain(twin.properties.desired), settled });

  await cue();
  const again = await client.getTwin();
  say('twin', plain(again.properties));
  await client.close();
});
