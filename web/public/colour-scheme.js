// Runs before the first paint, so that a dark page never flashes white. A file of its own: inline scripts are forbidden by the CSP.
(function () {
  var wanted = null;
  try {
    wanted = localStorage.getItem('denta-colour-scheme');
  } catch (_) {
    // storage may be switched off; the system's own preference decides then
  }
  var dark = wanted === 'dark' || (wanted !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
})();
