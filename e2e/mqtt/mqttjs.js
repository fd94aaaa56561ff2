'use strict';
// MQTT.js against a broker: every QoS, retained messages, a will, a session that is found
// again and, with MQTT 5, properties and topic aliases.
const { once } = require('node:events');
const { package: name, url, version, ca } = JSON.parse(process.argv[2]);
const mqtt = require(name);

const say = (what, more = {}) => console.log(JSON.stringify({ say: what, ...more }));
const five = version === 5;
const options = (clientId, more = {}) => ({ clientId, protocolVersion: version, reconnectPeriod: 0, ca: ca && require('node:fs').readFileSync(ca), ...more });

const connect = async (clientId, more) => {
  const client = mqtt.connect(url, options(clientId, more));
  client.got = [];
  client.on('message', (topic, payload, packet) => {
    client.got.push({ topic, payload: payload.toString(), qos: packet.qos, retain: packet.retain, packet });
    client.emit('more');
  });
  client.on('error', (e) => { throw e; });
  const [connack] = await once(client, 'connect');
  return { client, connack };
};
const subscribe = (client, topic, o) => new Promise((ok, no) => client.subscribe(topic, o, (e, granted) => (e ? no(e) : ok(granted))));
const publish = (client, topic, payload, o) => new Promise((ok, no) => client.publish(topic, payload, o, (e) => (e ? no(e) : ok())));
const end = (client, force) => new Promise((ok) => client.end(!!force, {}, ok));
const messages = async (client, n) => {
  while (client.got.length < n) await once(client, 'more');
  return client.got.splice(0, n).map(({ topic, payload, qos, retain }) => [topic, payload, qos, retain]);
};

(async () => {
  const keeping = five ? { clean: false, properties: { sessionExpiryInterval: 300 } } : { clean: false };
  let { client: a, connack } = await connect('js-a', keeping);
  say('connected', { present: connack.sessionPresent });
  await subscribe(a, 'js/#', { qos: 2 });
  const { client: b } = await connect('js-b', { will: { topic: 'js/will', payload: 'gone', qos: 1, retain: false } });
  for (const qos of [0, 1, 2]) await publish(b, 'js/q' + qos, 'qos ' + qos, { qos });
  say('live', { messages: await messages(a, 3) });

  await end(a);
  await publish(b, 'js/kept', 'while away', { qos: 1 });
  await publish(b, 'js/retained', 'still here', { qos: 1, retain: true });
  ({ client: a, connack } = await connect('js-a', keeping));
  say('back', { present: connack.sessionPresent, messages: await messages(a, 2) });

  const { client: c } = await connect('js-c');
  await subscribe(c, 'js/+', { qos: 0 });
  say('retained', { messages: await messages(c, 1) });
  b.stream.destroy();
  say('will', { messages: await messages(a, 1) });
  await end(c);

  if (five) {
    const { client: d } = await connect('js-d', { properties: { receiveMaximum: 2 }, topicAliasMaximum: 5, autoAssignTopicAlias: true });
    await subscribe(d, 'props/#', { qos: 1, properties: { subscriptionIdentifier: 7 } });
    const properties = { responseTopic: 'answer', correlationData: Buffer.from('77'), userProperties: { k: 'v' }, contentType: 'text/plain', messageExpiryInterval: 60, payloadFormatIndicator: true };
    for (let n = 0; n < 5; n++) await publish(d, 'props/x', String(n), { qos: 1, properties: { ...properties } });
    while (d.got.length < 5) await once(d, 'more');
    const p = d.got[4].packet.properties;
    say('properties', { payloads: d.got.map((m) => m.payload).join(''), responseTopic: p.responseTopic, correlation: p.correlationData.toString(),
      user: p.userProperties.k, contentType: p.contentType, expiry: p.messageExpiryInterval, identifier: p.subscriptionIdentifier });
    await end(d);
  }
  await end(a);
})().catch((e) => { console.error(e); process.exit(1); });
