'use strict';
// A service queries twins by pages.
const { Registry } = require('azure-iothub');
const { say, play, fails, called } = require('./stage');

play(async ({ service }) => {
  const registry = Registry.fromConnectionString(service);
  await registry.addDevices([1, 2, 3, 4, 5].map((n) => ({ deviceId: `d${n}`, tags: { site: n % 2 ? 'odd' : 'even', n } })));
  const query = registry.createQuery("SELECT * FROM devices WHERE tags.site = 'odd'", 2);
  while (query.hasMoreResults) {
    const page = await called((done) => query.nextAsTwin(done));
    say('twins', { ids: page.map((t) => t.deviceId), update: typeof page[0].update });
  }
  const groups = registry.createQuery('SELECT tags.site AS site, COUNT() AS n, MAX(tags.n) AS most FROM devices GROUP BY tags.site');
  say('groups', { items: (await called((done) => groups.next(done))), more: groups.hasMoreResults });
  await fails('wrong', called((done) => registry.createQuery('SELECT * FROM devices ORDER BY deviceId').next(done)));
});
