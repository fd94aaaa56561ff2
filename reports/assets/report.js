(function () {
  'use strict';
  var all = function (selector) { return Array.prototype.slice.call(document.querySelectorAll(selector)); };
  all('.tools').forEach(function (e) { e.hidden = false; });

  var copyable = function (button) {
    button.hidden = false;
    button.addEventListener('click', function () {
      var code = button.previousElementSibling;
      var done = function (text) {
        button.textContent = text;
        setTimeout(function () { button.textContent = 'Copy'; }, 1500);
      };
      var select = function () { getSelection().selectAllChildren(code); done('Selected'); };
      if (!navigator.clipboard) { select(); return; }
      navigator.clipboard.writeText(code.textContent).then(function () { done('Copied'); }, select);
    });
  };
  all('.copy').forEach(copyable);

  var scenarios = all('details.scenario'), rows = all('.list li');
  var filter = document.getElementById('filter'), choices = all('[data-show]'), verdict = '';
  var apply = function () {
    var words = filter.value.toLowerCase().split(/\s+/).filter(Boolean), shown = 0;
    rows.concat(scenarios).forEach(function (e) {
      var hit = (!verdict || e.dataset.v === verdict) && words.every(function (w) { return e.dataset.q.indexOf(w) >= 0; });
      e.hidden = !hit;
      if (hit) { shown++; }
    });
    all('nav .group, .feature').forEach(function (g) { g.hidden = !g.querySelector('[data-q]:not([hidden])'); });
    document.querySelector('.none').hidden = shown > 0;
  };
  filter.addEventListener('input', apply);
  choices.forEach(function (button) {
    button.addEventListener('click', function () {
      verdict = button.dataset.show;
      choices.forEach(function (b) { b.setAttribute('aria-pressed', String(b === button)); });
      apply();
    });
  });

  // In a large report the bodies of scenarios are packed until they are opened.
  scenarios.forEach(function (s) {
    s.addEventListener('toggle', function () {
      var body = s.querySelector('[data-packed]');
      if (!s.open || !body) { return; }
      var packed = Uint8Array.from(atob(body.dataset.packed), function (c) { return c.charCodeAt(0); });
      body.removeAttribute('data-packed');
      var plain = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
      new Response(plain).text().then(function (text) {
        body.innerHTML = text;
        body.querySelectorAll('.copy').forEach(copyable);
      });
    });
  });

  var fold = function (open) { scenarios.forEach(function (s) { s.open = open; }); };
  document.getElementById('unfold').addEventListener('click', function () { fold(true); });
  document.getElementById('fold').addEventListener('click', function () { fold(false); });
  addEventListener('beforeprint', function () { fold(true); });

  var reveal = function () {
    var target = location.hash && document.getElementById(location.hash.slice(1));
    if (target && target.matches('details.scenario')) { target.open = true; target.scrollIntoView(); }
  };
  addEventListener('hashchange', reveal);
  reveal();
}());
